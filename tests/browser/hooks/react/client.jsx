import { hydrateRoot } from "react-dom/client";
import "foldin/element";
import { App } from "./App.jsx";

const root = hydrateRoot(document.querySelector("main"), <App initialItems={JSON.parse(document.body.dataset.items)} />, {
  onRecoverableError: (error) => console.error(String(error)),
});
globalThis.unmount = () => root.unmount();
