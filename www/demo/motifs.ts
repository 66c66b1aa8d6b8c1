// A drawing a genre, on a field of 100 x 100: the colours are the poster's, `a` before `b`.

import { svg } from "./dom.js";

/** An outline with what it is filled or drawn with. */
interface Shape {
  d: string;
  paint: { fill: string; "fill-opacity"?: number; stroke?: string; "stroke-width"?: number };
}

/** Draws shapes with numbers from 0 to 1. */
export type Motif = (random: () => number) => Shape[];

const A = "var(--a)";
const B = "var(--b)";

// All go clockwise: shapes of one path that lie on each other add up, and leave no hole.
const disc = (cx: number, cy: number, r: number): string => `M${cx - r} ${cy}a${r} ${r} 0 1 1 0 .01Z`;
const box = (x: number, y: number, width: number, height: number): string => `M${x} ${y}h${width}v${height}h${-width}Z`;
const roundBox = (x: number, y: number, size: number, r: number): string => {
  const [side, corner] = [size - 2 * r, (dx: number, dy: number) => `a${r} ${r} 0 0 1 ${dx} ${dy}`];
  return `M${x + r} ${y}h${side}${corner(r, r)}v${side}${corner(-r, r)}h${-side}${corner(-r, -r)}v${-side}${corner(r, -r)}Z`;
};

const path = (d: string, fill: string): Shape => ({ d, paint: { fill } });
const line = (d: string, stroke: string, width: number): Shape => ({
  d,
  paint: { fill: "none", stroke, "stroke-width": width },
});
const circle = (cx: number, cy: number, r: number, fill: string): Shape => path(disc(cx, cy, r), fill);
const ring = (cx: number, cy: number, r: number, stroke: string, width: number): Shape =>
  line(disc(cx, cy, r), stroke, width);
const rect = (x: number, y: number, width: number, height: number, fill: string): Shape =>
  path(box(x, y, width, height), fill);

/** The drawing of a genre, as few elements: shapes that are painted alike are one, where the first of them lies. */
export function draw(genre: string, random: () => number): SVGElement[] {
  const alike = new Map<string, Shape>();
  for (const { d, paint } of (motifs[genre] ?? plain)(random)) {
    const key = JSON.stringify(paint);
    alike.set(key, { d: (alike.get(key)?.d ?? "") + d, paint });
  }
  return [...alike.values()].map(({ d, paint }) => svg("path", { d, ...paint }));
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const between = (random: () => number, low: number, high: number): number => low + random() * (high - low);

const orbits: Motif = (random) => {
  const x = between(random, 25, 75);
  const angle = random() * Math.PI * 2;
  const rings = times(4, (i) => ring(x, 52, 16 + i * 13, A, 1.2));
  const moon = circle(x + 42 * Math.cos(angle), 52 + 42 * Math.sin(angle), 5, B);
  return [...rings, circle(x, 52, 10, B), moon];
};

const burst: Motif = (random) => {
  const turn = random() * 0.5;
  const rays = times(12, (i) => {
    const [from, to] = [turn + (i * Math.PI) / 6, turn + ((i + 0.5) * Math.PI) / 6];
    const at = (angle: number): string => `${50 + 110 * Math.cos(angle)} ${60 + 110 * Math.sin(angle)}`;
    return path(`M50 60L${at(from)}L${at(to)}Z`, A);
  });
  return [...rays, circle(50, 60, between(random, 14, 22), B)];
};

const peaks: Motif = (random) => {
  const left = between(random, 15, 40);
  const right = left + between(random, 30, 45);
  return [
    path(`M${left - 60} 100L${left} ${between(random, 25, 45)}L${left + 60} 100Z`, A),
    circle(right + 5, 26, 11, B),
    path(`M${right - 45} 100L${right} 52L${right + 45} 100Z`, B),
  ];
};

const couple: Motif = (random) => {
  const apart = between(random, 12, 20);
  return [
    circle(50 - apart, 50, 28, A),
    { d: disc(50 + apart, 50, 28), paint: { fill: B, "fill-opacity": 0.8 } },
  ];
};

const fangs: Motif = (random) => {
  const teeth = (y: number, length: number, fill: string): Shape[] =>
    times(6, (i) => {
      const tip = y + length * between(random, 45, 75);
      return path(`M${i * 18 - 4} ${y}h18L${i * 18 + 5} ${tip}Z`, fill);
    });
  return [circle(between(random, 35, 65), 50, 20, B), ...teeth(0, 0.8, A), ...teeth(100, -0.5, A)];
};

const confetti: Motif = (random) =>
  times(26, (i) => {
    const [x, y, size] = [random() * 100, random() * 100, between(random, 3, 8)];
    if (i % 3 === 0) return ring(x, y, size, B, 2.5);
    return i % 3 === 1 ? circle(x, y, size, A) : rect(x, y, size * 1.6, size * 0.7, B);
  });

const halves: Motif = (random) => {
  const x = between(random, 30, 70);
  return [
    rect(0, 0, x, 100, A),
    path(`M${x} 20a30 30 0 0 1 0 60Z`, B),
    path(`M${x} 20a30 30 0 0 0 0 60Z`, "var(--ground)"),
  ];
};

const slash: Motif = (random) => {
  const start = between(random, -20, 10);
  return times(6, (i) => path(`M${start + i * 22} 0h${4 + i * 2.2}l-40 100h-${4 + i * 2.2}Z`, i % 3 === 1 ? B : A));
};

const blinds: Motif = (random) => {
  const x = between(random, 25, 65);
  return [...times(9, (i) => rect(0, i * 12, 100, 5.5, A)), path(`M${x} 0h30l20 100h-30Z`, B)];
};

const waves: Motif = (random) =>
  times(6, (i) => {
    const [y, swing] = [12 + i * 16, between(random, 6, 18)];
    return line(`M-5 ${y}C25 ${y - swing} 35 ${y + swing} 55 ${y}S90 ${y - swing} 110 ${y}`, i % 2 ? B : A, 5);
  });

const chevrons: Motif = (random) => {
  const y = between(random, 20, 40);
  const stripes = times(5, (i) => line(`M10 ${y + i * 16}l40 -18l40 18`, i % 2 ? B : A, 6));
  return stripes;
};

const horizon: Motif = (random) => {
  const x = between(random, 25, 75);
  return [
    circle(x, 62, 26, B),
    rect(0, 62, 100, 38, A),
    ...times(3, (i) => rect(0, 44 + i * 7, 100, 1.6, "var(--ground)")),
  ];
};

const keyhole: Motif = (random) => {
  const x = between(random, 35, 65);
  return [
    circle(x, 50, 40, A),
    circle(x, 42, 13, "var(--ground)"),
    path(`M${x} 40l11 36h-22Z`, "var(--ground)"),
    circle(x, 42, 4, B),
  ];
};

const stars: Motif = (random) =>
  times(9, (i) => {
    const [x, y, r] = [random() * 100, random() * 90, between(random, 5, 15)];
    const spark = `M${x} ${y - r}Q${x} ${y} ${x + r} ${y}Q${x} ${y} ${x} ${y + r}Q${x} ${y} ${x - r} ${y}Q${x} ${y} ${x} ${y - r}Z`;
    return path(spark, i % 3 ? A : B);
  });

const balloons: Motif = (random) =>
  times(5, (i) => {
    const [x, y] = [12 + i * 19, between(random, 20, 58)];
    const string = line(`M${x} ${y}Q${x + 6} 80 ${x - 2} 110`, A, 1);
    return [string, circle(x, y, between(random, 9, 14), i % 2 ? B : A)];
  }).flat();

const grid: Motif = (random) =>
  times(36, (i) => rect((i % 6) * 17, Math.floor(i / 6) * 17, 14, 14, random() < 0.2 ? B : A));

const prints: Motif = (random) => {
  const x = between(random, 35, 65);
  return times(7, (i) =>
    line(`M${x - 6 - i * 6} 100V${52}a${6 + i * 6} ${6 + i * 6.5} 0 0 1 ${12 + i * 12} 0V100`, i % 3 ? A : B, 2.6),
  );
};

const blobs: Motif = (random) =>
  times(4, (i) => {
    const [x, y, r] = [between(random, 10, 90), between(random, 10, 90), between(random, 14, 26)];
    return path(roundBox(x - r, y - r, r * 2, r * between(random, 0.35, 1)), i % 2 ? B : A);
  });

/** For items of no genre that is known here. */
const plain: Motif = (random) => {
  const y = between(random, 40, 70);
  return [rect(0, y, 100, 100 - y, A), circle(between(random, 25, 75), y, 18, B)];
};

/** The motif of each genre that has one. */
const motifs: Record<string, Motif> = {
  Action: burst,
  Adventure: peaks,
  Animation: blobs,
  "Children's": balloons,
  Comedy: confetti,
  Crime: prints,
  Documentary: grid,
  Drama: halves,
  Fantasy: stars,
  "Film-Noir": blinds,
  Horror: fangs,
  Musical: waves,
  Mystery: keyhole,
  Romance: couple,
  "Sci-Fi": orbits,
  Thriller: slash,
  War: chevrons,
  Western: horizon,
};
