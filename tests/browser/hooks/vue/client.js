import { createSSRApp } from "vue";
import "foldin/element";
import { App } from "./App.js";

const app = createSSRApp(App, { initialItems: JSON.parse(document.body.dataset.items) });
app.mount("main");
globalThis.unmount = () => app.unmount();
