import { mount } from "svelte";
import Shelf from "./Shelf.svelte";

mount(Shelf, { target: document.getElementById("app"), props: { src: "/movies.safetensors" } });
