// The types of hooks and of <foldin-shelf>, as TypeScript sees them in an application of each framework.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageFolder, requireFromWww } from "../support/environment.mjs";

const www = join(requireFromWww.resolve("react/package.json"), "../../..");

const FILES = {
  "react.tsx": `
    import { FoldinProvider, useRecommender, useShelf, useSimilar } from "foldin/react";
    export function Shelf() {
      const { items, status } = useShelf({ count: 6, where: { year: { min: 1990 } }, initialItems: [] });
      const { record } = useRecommender();
      const near: string[] = useSimilar(items[0]?.item, { by: "bought-together" }).items.map(({ item }) => item);
      return <FoldinProvider src="/m.safetensors" profile="p">
        <foldin-shelf src="/m.safetensors" count={6} profile="p" className="wide" key={status} />
        <button onClick={() => record({ item: near[0] ?? "", event: "like" })} />
      </FoldinProvider>;
    }
    // @ts-expect-error there is no such attribute
    export const wrong = <foldin-shelf source="/m.safetensors" />;
    // @ts-expect-error the count is a number
    export const wrongQuestion = () => useShelf({ count: "6" });`,
  "vue.ts": `
    import { h, type GlobalComponents } from "vue";
    import { provideRecommender, useShelf } from "foldin/vue";
    export function setup(props: { count: number }) {
      provideRecommender(() => "/m.safetensors", { profile: "p" });
      const { items } = useShelf(() => ({ count: props.count }));
      return () => items.value.map(({ title }) => h("li", title));
    }
    export type Props = InstanceType<GlobalComponents["foldin-shelf"]>["$props"];
    export const right: Props = { src: "/m.safetensors", count: 6 };
    // @ts-expect-error the address is a text
    export const wrong: Props = { src: 6 };`,
  "svelte.ts": `
    import type { SvelteHTMLElements } from "svelte/elements";
    import { readable } from "svelte/store";
    import { useShelf, useSimilar } from "foldin/svelte";
    export const shelf = () => useShelf(readable({ count: 6 })).subscribe(({ items }) => items[0]?.score.toFixed());
    export const near = () => useSimilar("50").refresh();
    export const right: SvelteHTMLElements["foldin-shelf"] = { src: "/m.safetensors", class: "wide" };
    // @ts-expect-error the address is a text
    export const wrong: SvelteHTMLElements["foldin-shelf"] = { src: 6 };`,
};

test("hooks and the element have types in React, Vue and Svelte", () => {
  // Beside the frameworks, so that they are found from there.
  const folder = mkdtempSync(join(www, "node_modules/.foldin-types-"));
  try {
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
    const compilerOptions = {
      strict: true,
      noEmit: true,
      jsx: "react-jsx",
      module: "esnext",
      target: "es2022",
      moduleResolution: "bundler",
      types: [],
      lib: ["es2022", "dom", "dom.iterable", "esnext.disposable"],
      skipLibCheck: false,
      paths: Object.fromEntries(["react", "vue", "svelte"].map((name) => [`foldin/${name}`, [`${packageFolder()}/dist/${name}.d.ts`]])),
    };
    // The package lies elsewhere than in node_modules: what its types import is found by these.
    for (const [name, types] of Object.entries({ react: "@types/react/index.d.ts", vue: "vue/dist/vue.d.ts" })) {
      compilerOptions.paths[name] = [join(www, "node_modules", types)];
    }
    compilerOptions.paths["svelte/*"] = [join(www, "node_modules/svelte/*.d.ts")];
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*"] }));
    execFileSync(process.execPath, [join(www, "node_modules/typescript/bin/tsc"), "-p", folder], { encoding: "utf8" });
  } catch (error) {
    assert.fail(error.stdout || error);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
