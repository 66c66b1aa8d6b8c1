// For hosts that demand Trusted Types: scripts and workers are the page's own.

interface Policies {
  createPolicy(name: "default", rules: { createScriptURL: (url: string) => string | null }): void;
}

/** The address of a script of this origin; null, which refuses it, for any other. */
const createScriptURL = (url: string): string | null =>
  new URL(url, document.baseURI).origin === location.origin ? url : null;

/** Trusts them from here on. */
export function trustOwnScripts(): void {
  (globalThis as { trustedTypes?: Policies }).trustedTypes?.createPolicy("default", { createScriptURL });
}
