// Nearest neighbours among items, as one would write it by hand: two items are as alike as the cosine of the sets of
// users who had them; an item's score is the sum of its likenesses with the visitor's.

import { readFileSync } from "node:fs";

const { items, named, training, given } = JSON.parse(readFileSync(0, "utf8"));

const together = new Float64Array(items * items);
for (const own of training) for (const a of own) for (const b of own) together[a * items + b]++;
const users = Float64Array.from({ length: items }, (_, item) => together[item * items + item]);

const answers = given.map((own) => {
  const scores = new Float64Array(items);
  for (const a of own) {
    for (let b = 0; b < items; b++) {
      const both = together[a * items + b];
      if (both) scores[b] += both / Math.sqrt(users[a] * users[b]);
    }
  }
  const seen = new Set(own);
  const others = Array.from(scores.keys()).filter((item) => !seen.has(item));
  return others.sort((a, b) => scores[b] - scores[a]).slice(0, named);
});
process.stdout.write(JSON.stringify(answers));
