import { copyButton } from "./copy.js";
import { h } from "./dom.js";
import { words } from "./language.js";

/** What it takes to have this on a page of one's own. */
const CODE = `import { Recommender } from "foldin";
const shop = await Recommender.load("/movies.safetensors", { worker: true, profile: "default" });
await shop.record({ item: "50", event: "like" });
const shelf = await shop.recommend({ count: 12, explain: true });
const similar = await shop.similar("50", { count: 12 });`;

/** The five lines, to be taken along. */
export function showEmbed(section: HTMLElement): void {
  section.replaceChildren(
    h(
      "header",
      { class: "section-head" },
      h("h2", { id: "embed-title" }, words.embed),
      h("p", { class: "hint" }, words.embedHint),
      copyButton(CODE, words.copy),
    ),
    h("pre", { class: "code", tabindex: 0, "aria-labelledby": "embed-title", dir: "ltr" }, h("code", {}, CODE)),
  );
}
