// A shelf from the model that Spark trained: pressing an item likes it.
import { load } from "./load.js";

const shop = await load({ worker: true });
const liked = [];

async function show() {
  document.querySelector("#liked").textContent = liked.join(", ") || "nothing yet";
  const shelf = await shop.recommend({ count: 10 });
  document.querySelector("#shelf").replaceChildren(...shelf.map(entry));
}

function entry({ item, title = item }) {
  const button = Object.assign(document.createElement("button"), { textContent: title });
  button.dataset.item = item;
  button.onclick = async () => {
    await shop.record({ item, event: "like" });
    liked.push(title);
    await show();
  };
  const line = document.createElement("li");
  line.append(button);
  return line;
}

await show();
