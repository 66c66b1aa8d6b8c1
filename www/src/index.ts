/**
 * Recommendations computed in the visitor's own browser.
 *
 * @example
 * ```ts
 * import { Recommender } from "foldin";
 *
 * const shop = await Recommender.load("/movies.safetensors", { worker: true, profile: "default" });
 * await shop.record({ item: "50", event: "like" });
 * const shelf = await shop.recommend({ count: 12, explain: true });
 * ```
 *
 * @packageDocumentation
 */
export { Recommender } from "./api/recommender.js";
export type * from "./types.js";
export { FoldinError, type ArgumentError, type ErrorCode } from "./errors.js";
