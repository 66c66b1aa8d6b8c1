// Parts of the demo page on their own: what keeps its tasks short, and the thread that paints the map's dots.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { requireFromWww } from "../support/environment.mjs";
import { openBlank, openPage, story } from "./story.mjs";

const { build } = requireFromWww("esbuild");

/** Makes a page's `parts` what the named files of the demo page export. */
async function bring(page, ...files) {
  const contents = files.map((file) => `export * from "./${file}";`).join("\n");
  const resolveDir = fileURLToPath(new URL("../../www/demo", import.meta.url));
  const stdin = { contents, resolveDir };
  const { outputFiles } = await build({ stdin, bundle: true, write: false, format: "iife", globalName: "parts" });
  await openBlank(page);
  await page.evaluate(outputFiles[0].text);
}

story("what may stay in a list is a longest rising subsequence", {}, async ({ page }) => {
  await bring(page, "rising.ts");
  const wrong = await page.evaluate(() => {
    let state = 1;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    // The length by the book, in quadratic time.
    const longest = (numbers) => {
      const lengths = [];
      for (const [at, number] of numbers.entries()) {
        lengths[at] = 1 + Math.max(0, ...lengths.filter((_, before) => numbers[before] < number));
      }
      return Math.max(0, ...lengths);
    };
    const lists = [[], [0], [0, 1, 2], [2, 1, 0]];
    for (let list = 0; list < 300; list++) {
      const numbers = Array.from({ length: 1 + Math.floor(random() * 14) }, (_, i) => i);
      lists.push(numbers.sort(() => random() - 0.5));
    }
    return lists.filter((numbers) => {
      const members = parts.rising(numbers).reverse();
      const rises = members.every((at, i) => i === 0 || (at > members[i - 1] && numbers[at] > numbers[members[i - 1]]));
      return !rises || members.length !== longest(numbers);
    });
  });
  assert.deepEqual(wrong, []);
});

story("turns come in order, one a frame, once however often asked for, and outlive one that fails", {}, async ({ page }) => {
  await bring(page, "turns.ts");
  const { done, failed } = await page.evaluate(async () => {
    let frames = 0;
    const count = () => requestAnimationFrame(() => (frames++, count()));
    count();
    const done = [];
    const turn = (name, error) =>
      parts.inTurn(() => {
        done.push({ name, frame: frames });
        if (error) throw new Error(name);
      });
    const [a, b, c] = [turn("a"), turn("b", true), turn("c")];
    const failed = b().catch(({ message }) => message);
    void a();
    void a();
    void c();
    const first = await failed;
    await c();
    await a();
    return { done, failed: first };
  });
  assert.equal(failed, "b");
  assert.deepEqual(done.map(({ name }) => name), ["b", "a", "c", "a"]);
  const frames = done.map(({ frame }) => frame);
  assert.ok(frames.every((frame, i) => i === 0 || frame > frames[i - 1]), `frames ${frames}`);
});

story("entries wait for their turn, as many as there is time for, and those out of sight until they come in sight", {}, async ({ page }) => {
  await bring(page, "unveil.ts");
  const { first, seen, far, atLast } = await page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    const row = (top) => {
      const list = document.body.appendChild(document.createElement("div"));
      list.style.contentVisibility = "auto";
      list.style.marginTop = `${top}px`;
      for (let i = 0; i < 6; i++) list.appendChild(document.createElement("p")).append(document.createElement("b"));
      return list;
    };
    const waiting = (list) => list.querySelectorAll(".waiting").length;
    const rows = [row(0), row(9000)];
    for (let i = 0; i < 3; i++) await frame();
    // Layout that takes its time: two of them are enough for a frame.
    document.body.getBoundingClientRect = () => {
      for (const end = performance.now() + 3; performance.now() < end; );
    };
    for (const list of rows) for (const entry of list.children) parts.unveil(entry);
    const first = rows.map(waiting);
    const seen = [];
    while (waiting(rows[0]) && seen.length < 100) {
      await frame();
      seen.push(waiting(rows[0]));
    }
    for (let i = 0; i < 10; i++) await frame();
    const far = waiting(rows[1]);
    rows[1].scrollIntoView();
    for (let i = 0; i < 100 && waiting(rows[1]); i++) await frame();
    return { first, seen, far, atLast: rows.map(waiting) };
  });
  assert.deepEqual(first, [6, 6]);
  assert.equal(seen[0], 6, "the frame that shows the change lays out no entry");
  const steps = seen.map((left, i) => (seen[i - 1] ?? 6) - left);
  assert.ok(steps.every((step) => step >= 0 && step <= 2), `left ${seen}`);
  assert.equal(seen.at(-1), 0);
  assert.equal(far, 6, "what is out of sight waits");
  assert.deepEqual(atLast, [0, 0]);
});

story("the map's dots are painted, others where one comes closer, paler ones in the dark", {}, async ({ page }) => {
  await openPage(page);
  await page.getByTestId("map").scrollIntoViewIfNeeded();
  /** How many of the map's pixels have a colour, and how bright those are. */
  const dots = () =>
    page.getByTestId("map").evaluate((canvas) => {
      const { width, height } = canvas;
      const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, width, height);
      let [count, light] = [0, 0];
      for (let at = 0; at < data.length; at += 4) {
        const [r, g, b, alpha] = data.subarray(at, at + 4);
        if (alpha < 100 || Math.max(r, g, b) - Math.min(r, g, b) < 40) continue;
        count++;
        light += (r + g + b) / 3;
      }
      return { count, light: light / count };
    });
  const settled = async (wanted) => {
    let found = await dots();
    for (let tries = 0; !wanted(found) && tries < 50; tries++) {
      await page.waitForTimeout(100);
      found = await dots();
    }
    assert.ok(wanted(found), JSON.stringify(found));
    return found;
  };
  const whole = await settled(({ count }) => count > 1000);
  for (let press = 0; press < 4; press++) await page.getByRole("button", { name: "Zoom in" }).click();
  await settled(({ count }) => count > 0 && count !== whole.count);
  await page.emulateMedia({ colorScheme: "dark" });
  await settled(({ light }) => light > whole.light + 20);
});
