// An import that no bundler may follow, as its address is known at run time alone. The comments that say so have to survive
// esbuild's minifying: until that is done a name of the same length stands for them, which keeps source maps true.

const IMPORT = "import(/* @vite-ignore */ /* webpackIgnore: true */ /* turbopackIgnore: true */";
const NAME = `${"hidden".padEnd(IMPORT.length - 1, "_")}(`;

/** The text of a source without such imports. */
export const hideImports = (text) => text.replaceAll(IMPORT, NAME);

/** The text of a built script with them again. */
export const showImports = (text) => text.replaceAll(NAME, IMPORT);
