// A made-up shop: things for four kinds of days, and people who have their favourites among them. The same in every run.

const THINGS = {
  kitchen: ["Bread knife", "Cast-iron pan", "Pepper mill", "Pasta roller", "Mortar", "Whisk", "Salad spinner", "Tea kettle", "Cake tin", "Grater"],
  garden: ["Watering can", "Pruning shears", "Seed tray", "Trowel", "Bird feeder", "Rain barrel", "Tomato seeds", "Hand fork", "Compost bin", "Twine"],
  desk: ["Fountain pen", "Notebook", "Desk lamp", "Pencil case", "Paper knife", "Ink bottle", "Bookend", "Letter tray", "Stapler", "Globe"],
  trail: ["Head torch", "Tent", "Sleeping bag", "Trail map", "Compass", "Camping stove", "Rope", "Water filter", "Rucksack", "Thermos"],
};
const KINDS = Object.keys(THINGS);
const USERS = 160;
const EACH = 8;
/** One in so many is something out of another kind. */
const STRAY = 6;

/** Numbers below a bound, by Knuth's multiplier. */
function numbers(seed) {
  let state = seed;
  return (bound) => {
    state = (BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n));
    return Number((state >> 33n) % BigInt(bound));
  };
}

/** The tables of who bought what when, and of what there is, as CSV. */
export function shop() {
  const below = numbers(7n);
  const items = KINDS.flatMap((kind) => THINGS[kind].map((title) => ({ item: slug(title), title, kind })));
  const interactions = Array.from({ length: USERS }, (_, user) => bought(user, items, below)).flat();
  return {
    interactions: csv("user,item,timestamp", interactions),
    items: csv("item,title,tags", items.map(({ item, title, kind }) => [item, title, kind])),
  };
}

const slug = (title) => title.toLowerCase().replace(/[^a-z]+/g, "-");

/** What one user bought: mostly of one kind, each thing once. */
function bought(user, items, below) {
  const own = KINDS[user % KINDS.length];
  const things = new Set();
  while (things.size < EACH) {
    const stray = below(STRAY) === 0;
    const among = items.filter(({ kind }) => stray || kind === own);
    // The first of a kind sell best.
    things.add(among[Math.min(below(among.length), below(among.length))].item);
  }
  return [...things].map((item, at) => [`u${user}`, item, 1_700_000_000 + (user * EACH + at) * 3600]);
}

const csv = (header, rows) => `${[header, ...rows.map((row) => row.join(","))].join("\n")}\n`;
