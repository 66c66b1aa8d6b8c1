import { Recommender } from "foldin";

const shop = await Recommender.load("/shop.safetensors", { worker: true, profile: "visitor" });

/** The shelf as it is now: the visitor's own as soon as there is a like, before that what others like. */
async function show() {
  const found = await shop.recommend({ count: 12, explain: true });
  document.querySelector("#shelf").replaceChildren(...found.map(card));
  document.querySelector("#forget").hidden = (await shop.events()).length === 0;
}

function card({ item, title, because }) {
  const [card, name, why, like] = ["li", "strong", "small", "button"].map((tag) => document.createElement(tag));
  card.dataset.item = item;
  name.textContent = title ?? item;
  why.textContent = because?.length ? `because of ${because[0].title ?? because[0].item}` : "";
  like.textContent = "Like";
  like.onclick = () => shop.record({ item, event: "like" }).then(show);
  card.append(name, why, like);
  return card;
}

document.querySelector("#forget").onclick = () => shop.erase().then(show);
await show();
