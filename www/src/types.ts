// What the package has to do with, in the words of its users.

export type * from "./types/asking.js";
export type * from "./types/catalog.js";
export type * from "./types/cold.js";
export type * from "./types/loading.js";
export type * from "./types/metrics.js";
export type * from "./types/shop.js";
export type * from "./types/training.js";
export type * from "./types/visitor.js";
