import { renderToString } from "react-dom/server";
import { App } from "./App.jsx";

export const render = async (initialItems) => renderToString(<App initialItems={initialItems} />);
