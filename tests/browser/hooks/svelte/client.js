import { hydrate, unmount } from "svelte";
import "foldin/element";
import App from "./App.svelte";

const initialItems = JSON.parse(document.body.dataset.items);
const app = hydrate(App, { target: document.querySelector("main"), props: { initialItems } });
globalThis.unmount = () => unmount(app);
