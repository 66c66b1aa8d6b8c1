export default defineNuxtConfig({
  telemetry: false,
  compatibilityDate: "2025-07-01",
  devtools: { enabled: false },
  app: { head: { title: "shop", link: [{ rel: "icon", href: "/favicon.svg" }] } },
  vue: { compilerOptions: { isCustomElement: (tag) => tag === "foldin-shelf" } },
});
