// Training in the page: a visitor's own fine-tuning, and models from scratch.

import assert from "node:assert/strict";
import { openBlank, story } from "./story.mjs";

for (const worker of [false, true]) {
  story(`fine-tuning lowers its loss and can be taken back, ${worker ? "in a worker" : "on the page"}`, {}, async ({
    page,
  }) => {
    await openBlank(page);
    const found = await page.evaluate(async (worker) => {
      const { Recommender } = await import("/package/dist/index.js");
      const shop = await Recommender.load("/movies.safetensors", { worker, events: { remains: 1 } });
      await shop.record(["50", "181", "172", "1"].map((item, time) => ({ item, event: "like", time })));
      const rank = () => shop.rank(["50", "181", "172", "1", "174", "210"]);
      const before = await rank();
      const steps = [];
      await shop.fineTune({ epochs: 8, learningRate: 0.1, pull: 0.1, onProgress: (step) => steps.push(step) });
      const tuned = await rank();
      const controller = new AbortController();
      const code = await shop
        .fineTune({ epochs: 1000, signal: controller.signal, onProgress: () => controller.abort() })
        .catch(({ code }) => code);
      const aborted = await rank();
      await shop.resetTuning();
      const reset = await rank();
      const refused = await shop.fineTune({ learningRate: -1 }).catch(({ field }) => field);
      return { before, steps, tuned, code, aborted, reset, refused };
    }, worker);
    assert.deepEqual(
      found.steps.map(({ epoch, epochs }) => [epoch, epochs]),
      Array.from({ length: 8 }, (_, at) => [at + 1, 8]),
    );
    found.steps.forEach(({ loss }, at) => assert.ok(at === 0 || loss < found.steps[at - 1].loss, `epoch ${at + 1}`));
    assert.notDeepEqual(found.tuned, found.before);
    assert.equal(found.code, "aborted");
    assert.deepEqual(found.aborted, found.tuned);
    assert.deepEqual(found.reset, found.before);
    assert.equal(found.refused, "learningRate");
  });
}

for (const algorithm of ["ials", "sgd", "bpr"]) {
  story(`${algorithm} learns a checkerboard in the page`, {}, async ({ page }) => {
    await openBlank(page);
    const found = await page.evaluate(async (algorithm) => {
      const { Recommender } = await import("/package/dist/index.js");
      // Users like the items of their own colour: even ones or odd ones.
      const interactions = [];
      for (let user = 0; user < 30; user++) {
        for (let item = 0; item < 20; item++) {
          const own = user % 2 === item % 2;
          if (user === item) continue;
          if (own || algorithm === "sgd") interactions.push({ user: `u${user}`, item: `i${item}`, value: own ? 5 : 1 });
        }
      }
      const steps = [];
      const options = { algorithm, dim: 4, epochs: 30, onProgress: (step) => steps.push(step) };
      const shop = await Recommender.train(interactions, options);
      await shop.record(["i0", "i2", "i4"].map((item) => ({ item, event: "like" })));
      const top = (await shop.recommend({ count: 7 })).map(({ item }) => item);
      return { top, steps: steps.length, info: shop.info };
    }, algorithm);
    assert.equal(found.steps, 30);
    assert.equal(found.info.items, 20);
    assert.deepEqual(found.top.toSorted(), ["i10", "i12", "i14", "i16", "i18", "i6", "i8"]);
  });
}

for (const algorithm of ["auto", "next"]) {
  story(`${algorithm} learns in the page what comes next`, {}, async ({ page }) => {
    await openBlank(page);
    const found = await page.evaluate(async (algorithm) => {
      const { Recommender } = await import("/package/dist/index.js");
      // Everybody goes on to the next item, round and round, from where they started.
      const interactions = [];
      for (let user = 0; user < 120; user++) {
        for (let at = 0; at < 14; at++) {
          interactions.push({ user: `u${user}`, item: `i${(user * 7 + at) % 24}`, time: user + at * 100 });
        }
      }
      // Times decide, not the list's order.
      interactions.reverse();
      const shares = [];
      const options = { algorithm, dim: 16, epochs: 60, seed: 1, onProgress: ({ share }) => shares.push(share) };
      const shop = await Recommender.train(interactions, options);
      await shop.record(["i3", "i4", "i5"].map((item, time) => ({ item, event: "like", time })));
      const [first] = await shop.recommend({ count: 1 });
      const wrong = { users: Uint32Array.of(0), items: Uint32Array.of(0), times: Float64Array.of(NaN), ids: ["a"] };
      const refused = await Recommender.train(wrong).catch(({ field }) => field);
      const mixed = [{ user: "a", item: "b", time: 1 }, { user: "a", item: "c" }];
      const half = await Recommender.train(mixed).catch(({ field }) => field);
      return { first: first.item, shares, metadata: shop.info.metadata, refused, half };
    }, algorithm);
    if (algorithm === "auto") {
      const { held_out, "ndcg@10": own, "popularity_ndcg@10": popularity } = found.metadata;
      assert.equal(held_out, "each user's last interaction by time of 120 users");
      assert.ok(Number(own) > Number(popularity), `${own}, popularity ${popularity}`);
    } else assert.deepEqual([found.metadata.algorithm, found.first], ["next", "i6"]);
    assert.ok(found.shares[0] < 0.1 && found.shares.at(-1) === 1, String(found.shares));
    assert.deepEqual(found.shares, found.shares.toSorted((a, b) => a - b));
    assert.deepEqual([found.refused, found.half], ["interactions.times", "interactions[1].time"]);
  });
}

story("a model trained in the page knows what anybody is like, and what to ask", {}, async ({ page }) => {
  await openBlank(page);
  const found = await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    const interactions = [];
    for (let user = 0; user < 30; user++) {
      for (let item = 0; item < 20; item++) {
        if (user % 2 === item % 2 && (user * 7 + item * 5) % 3 !== 0) interactions.push({ user: `u${user}`, item: `i${item}` });
      }
    }
    const shop = await Recommender.train(interactions, { algorithm: "ials", dim: 4, seed: 1, prior: true });
    const shelf = await shop.recommend({ count: 3 });
    const asked = await shop.onboarding({ count: 2 });
    const bpr = await Recommender.train(interactions, { algorithm: "bpr", dim: 4, epochs: 2, prior: true }).then(
      () => "trained",
      ({ message }) => message,
    );
    return { rungs: shelf.map(({ rung }) => rung), asked: asked.map(({ item }) => item), bpr };
  });
  assert.deepEqual(found.rungs, ["prior", "prior", "prior"]);
  assert.equal(new Set(found.asked).size, 2);
  assert.match(found.bpr, /a model from `foldin train` \(iALS\)/);
});

story("columns train as their list does", {}, async ({ page }) => {
  await openBlank(page);
  const [listed, columned] = await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    const list = Array.from({ length: 2000 }, (_, at) => ({ user: `u${at % 41}`, item: `i${(at * at) % 97}`, value: 1 + (at % 5) }));
    const names = (field) => [...new Set(list.map((line) => line[field]))];
    const [users, items] = [names("user"), names("item")];
    const columns = {
      users: Uint32Array.from(list, ({ user }) => users.indexOf(user)),
      items: Uint32Array.from(list, ({ item }) => items.indexOf(item)),
      values: Float32Array.from(list, ({ value }) => value),
      ids: items,
    };
    const answers = [];
    for (const interactions of [list, columns]) {
      const shop = await Recommender.train(interactions, { algorithm: "sgd", dim: 8, epochs: 3, seed: 1 });
      await shop.record({ item: "i4", event: "rate", value: 5 });
      answers.push(await shop.recommend({ count: 5 }));
    }
    return answers;
  });
  assert.equal(listed.length, 5);
  assert.deepEqual(columned, listed);
});

story("the page compiles what trains once, for all of its trainings", {}, async ({ page, server }) => {
  await openBlank(page);
  const items = await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    const interactions = Array.from({ length: 2000 }, (_, at) => ({ user: `u${at % 40}`, item: `i${at % 97}` }));
    const counts = [];
    for (let again = 0; again < 3; again++) {
      const shop = await Recommender.train(interactions, { dim: 8, epochs: 2 });
      counts.push(shop.info.items);
      await shop.close();
    }
    return counts;
  });
  assert.deepEqual(items, [97, 97, 97]);
  const fetched = server.requests.filter((request) => request.includes("foldin_trainer"));
  assert.deepEqual(fetched, ["GET /package/dist/wasm/foldin_trainer_bg.wasm"]);
});

story("training that is aborted or makes no sense says so", {}, async ({ page }) => {
  await openBlank(page);
  const found = await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    const some = Array.from({ length: 2000 }, (_, at) => ({ user: `u${at % 40}`, item: `i${at % 97}` }));
    const outcome = (interactions, options) =>
      Recommender.train(interactions, options).then(
        () => "trained",
        (error) => error.code ?? `${error.name} ${error.field}`,
      );
    const columns = { users: Uint32Array.of(0, 1, 0), items: Uint32Array.of(0, 1, 1), ids: ["a", "b"] };
    const controller = new AbortController();
    const aborting = { epochs: 1000, dim: 64, signal: controller.signal, onProgress: () => controller.abort() };
    return [
      await outcome(some, aborting),
      await outcome([]),
      await outcome("csv"),
      await outcome([{ user: "a", item: 1 }]),
      await outcome([{ user: "a", item: "b", value: Number.NaN }]),
      await outcome(some, { dim: 0 }),
      await outcome(some, { epochs: 1001 }),
      await outcome(some, { algorithm: "als" }),
      await outcome(new Array(1_000_001).fill(some[0])),
      await outcome({ ...columns, ids: [] }),
      await outcome({ ...columns, users: Uint32Array.of(0, 3, 0) }),
      await outcome({ ...columns, items: Uint32Array.of(0, 1) }),
      await outcome({ ...columns, values: Float32Array.of(1, 1, Number.NaN) }),
      await outcome({ ...columns, ids: ["a", "a"] }),
      await outcome({ ...columns, users: [0, 1, 0] }),
    ];
  });
  assert.deepEqual(found, [
    "aborted",
    "RangeError interactions",
    "TypeError interactions",
    "TypeError interactions[0].item",
    "RangeError interactions[0].value",
    "RangeError options.dim",
    "RangeError options.epochs",
    "RangeError options.algorithm",
    "RangeError interactions",
    "RangeError interactions",
    "RangeError interactions",
    "RangeError interactions",
    "RangeError interactions.values",
    "RangeError ids",
    "TypeError interactions.users",
  ]);
});
