// Loads the release that foldin.json names now: import { load } from "/load.js"; const shop = await load({ worker: true });

/** The current release. */
export async function release() {
  const answer = await fetch(new URL("foldin.json", import.meta.url), { cache: "no-cache" });
  if (!answer.ok) throw new Error(`foldin.json: ${answer.status} ${answer.statusText}; is the whole folder deployed?`);
  return (await answer.json()).current;
}

/** A Recommender of the current release; the options are those of Recommender.load. */
export async function load(options) {
  const { model, package: code } = await release();
  const { Recommender } = await import(new URL(code.entry, import.meta.url));
  return Recommender.load(new URL(model.file, import.meta.url), { integrity: model.integrity, ...options });
}

/** Moves a Recommender to the release that is current by now; false when it is there already. */
export async function refresh(shop) {
  const { version, model } = await release();
  if (shop.version === version) return false;
  await shop.update({ source: new URL(model.file, import.meta.url), integrity: model.integrity });
  return true;
}
