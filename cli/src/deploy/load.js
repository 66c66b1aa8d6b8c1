// Loads the release that foldin.json names now: import { load } from "/load.js"; const shop = await load({ worker: true });

/** The current release. */
export async function release() {
  const answer = await fetch(new URL("foldin.json", import.meta.url), { cache: "no-cache" });
  if (!answer.ok) throw new Error(`foldin.json: ${answer.status} ${answer.statusText}; is the whole folder deployed?`);
  return (await answer.json()).current;
}

/** The file that pages load: a large model's head, which names the parts that follow it. */
const entry = ({ model, pieces }) => pieces?.head ?? model;

/** A Recommender of the current release; the options are those of Recommender.load. */
export async function load(options) {
  const current = await release();
  const [model, code] = [entry(current), current.package];
  await Promise.all((code.modules ?? []).map(fetchChecked));
  const { Recommender } = await import(new URL(code.entry, import.meta.url));
  return Recommender.load(new URL(model.file, import.meta.url), { integrity: model.integrity, ...options });
}

/** Brings a script of the package, which must have the bytes that were deployed; `import` then takes it from there. */
function fetchChecked({ file, integrity }) {
  const link = globalThis.document?.createElement("link");
  if (!link?.relList.supports("modulepreload")) return;
  return new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => reject(new Error(`${file}: cannot be fetched, or is not what was deployed; deploy again`));
    Object.assign(link, { rel: "modulepreload", href: new URL(file, import.meta.url), integrity });
    document.head.append(link);
  });
}

/** Moves a Recommender to the release that is current by now; false when it is there already. */
export async function refresh(shop) {
  const current = await release();
  const [version, model] = [current.version, entry(current)];
  if (shop.version === version) return false;
  await shop.update({ source: new URL(model.file, import.meta.url), integrity: model.integrity });
  return true;
}
