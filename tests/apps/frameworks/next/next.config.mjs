import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** Where node_modules lies from which the app's peers come. */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export default { turbopack: { root }, outputFileTracingRoot: root, devIndicators: false };
