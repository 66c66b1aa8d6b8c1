// A visit to all parts of the page, step by step, as a visitor might make it.

const WHEEL = 300;

/**
 * All steps: what they are called, and what they do, one after the other on one page, with the files `list` and `clicks`:
 * their names, as Playwright hands over bytes in a task of the page's.
 */
export const STEPS = {
  "scrolling down and up": scroll,
  searching: search,
  "a film and back": film,
  "more films": lengthen,
  "taking a like back": undo,
  "somebody's taste, taken over": adopt,
  "pointing at the map": point,
  "opening what is under the hood": openHood,
  "another precision": changePrecision,
  "opening a place for one's own": openOwn,
  "a film of one's own": addFilm,
  "a list of one's own": importList,
  "learning live": learn,
  "training on a shop's table": train,
};

const rest = (page, milliseconds = 500) => page.waitForTimeout(milliseconds);

/** By the mouse alone: what Playwright looks at before a click of its own is no work of the page's. */
export async function click(page, target) {
  await target.scrollIntoViewIfNeeded();
  await rest(page);
  const { x, y, width, height } = await target.boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
}

async function scroll(page) {
  const height = await page.evaluate(() => document.body.scrollHeight);
  for (const direction of [1, -1]) {
    for (let y = 0; y < height; y += WHEEL) {
      await page.mouse.wheel(0, direction * WHEEL);
      await rest(page, 150);
    }
  }
}

async function search(page) {
  await page.getByTestId("search").scrollIntoViewIfNeeded();
  await page.getByTestId("search").focus();
  await page.keyboard.type("star trek", { delay: 120 });
  await page.getByTestId("search-result").first().waitFor();
  await rest(page);
  await page.getByTestId("search").fill("");
  await rest(page);
}

async function film(page) {
  await click(page, page.getByTestId("shelf-item").first().locator("a"));
  await page.getByTestId("film").waitFor();
  await rest(page, 1500);
  await page.goBack();
  await page.getByTestId("film").waitFor({ state: "hidden" });
  await rest(page);
}

async function lengthen(page) {
  await click(page, page.locator("#shelf > button"));
  await page.getByTestId("shelf-item").nth(12).waitFor();
  await rest(page, 1500);
}

async function undo(page) {
  await click(page, page.getByTestId("undo").first());
  await rest(page, 1500);
}

async function adopt(page) {
  const films = Array.from({ length: 60 }, (_, film) => film + 1);
  await page.evaluate((films) => (location.hash = `#/taste?like=${films}`), films);
  await page.getByTestId("taste").waitFor();
  await rest(page, 1500);
  await click(page, page.getByTestId("taste-take"));
  await page.getByTestId("mine-item").nth(films.length).waitFor({ state: "attached" });
  await rest(page, 3000);
}

async function point(page) {
  await page.getByTestId("map").scrollIntoViewIfNeeded();
  await rest(page);
  const { x, y, width, height } = await page.getByTestId("map").boundingBox();
  for (let step = 1; step < 40; step++) {
    await page.mouse.move(x + (width * step) / 40, y + (height * ((7 * step) % 40)) / 40);
    await rest(page, 60);
  }
}

async function openHood(page) {
  await click(page, page.getByTestId("hood"));
  await page.getByTestId("histogram").waitFor();
  await rest(page, 1500);
}

async function changePrecision(page) {
  for (const precision of ["int4", "int8"]) {
    await click(page, page.locator(`[name=precision][value=${precision}]`));
    await page.getByTestId("precision-told").getByText(precision).waitFor();
    await rest(page, 1500);
  }
}

async function openOwn(page) {
  await click(page, page.getByTestId("own"));
  await page.getByTestId("own-file").waitFor({ state: "attached" });
  await rest(page, 1500);
}

async function addFilm(page) {
  await page.getByTestId("new-title").fill("A Film of One's Own");
  await page.getByTestId("new-year").fill("1998");
  await click(page, page.getByTestId("new-genre").first());
  await click(page, page.getByTestId("new-add"));
  await page.getByTestId("new-item").waitFor();
  await rest(page, 3000);
}

async function importList(page, { list }) {
  await page.getByTestId("own-file").setInputFiles(list);
  await page.getByTestId("own-told").getByText("2 of").waitFor();
  await rest(page, 1500);
}

async function learn(page) {
  await click(page, page.getByTestId("learn"));
  await page.getByTestId("loss").and(page.locator("[data-epochs='30']")).waitFor();
  await rest(page, 1500);
}

async function train(page, { clicks }) {
  await page.getByTestId("own-file").setInputFiles(clicks);
  await page.getByTestId("back").waitFor({ timeout: 180_000 });
  await rest(page, 3000);
}
