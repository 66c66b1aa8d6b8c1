// Addresses within the page: `#/item/50` is a film, `#/taste?like=50,181&dislike=1` a taste that somebody shares.

/** Likes and dislikes, by id. */
export interface Taste {
  like: string[];
  dislike: string[];
}

/** Where the page is. */
export type Route = { at: "home" } | { at: "item"; id: string } | { at: "taste"; taste: Taste };

/** The most films of one kind that a shared taste may name: an address is anybody's to write. */
const MOST = 200;

/** Reads a fragment; what it does not understand is home. */
export function parse(hash: string): Route {
  const [, name, rest = ""] = /^#\/(item\/|taste\?)(.*)$/s.exec(hash) ?? [];
  if (name === "item/") return { at: "item", id: decoded(rest) };
  if (name !== "taste?") return { at: "home" };
  // Each id is encoded on its own, as it may hold a comma.
  const ids = (name: string): string[] => {
    const field = rest.split("&").find((field) => field.startsWith(`${name}=`)) ?? "";
    const list = field.slice(name.length + 1).split(",", MOST);
    return [...new Set(list.filter(Boolean).map(decoded))];
  };
  return { at: "taste", taste: { like: ids("like"), dislike: ids("dislike") } };
}

/** The fragment of a film. */
export const itemHash = (id: string): string => `#/item/${encodeURIComponent(id)}`;

/** The fragment of a taste. */
export function tasteHash({ like, dislike }: Taste): string {
  const list = (ids: string[]): string => ids.slice(0, MOST).map(encodeURIComponent).join(",");
  const fields = [like.length && `like=${list(like)}`, dislike.length && `dislike=${list(dislike)}`];
  return `#/taste?${fields.filter(Boolean).join("&")}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Calls back whenever the address changes. `leave` goes back to where the page was before the first route that was
 * not home, so that closing a film and the back button agree.
 */
export function followRoutes(changed: () => void): { leave: () => void } {
  // How many steps back it is to where this page was home. A first visit by a deep link has none behind it.
  let depth = 0;
  history.replaceState({ depth }, "");
  addEventListener("hashchange", () => {
    const known = (history.state as { depth?: number } | null)?.depth;
    depth = known ?? (parse(location.hash).at === "home" ? 0 : depth + 1);
    if (known === undefined) history.replaceState({ depth }, "");
    changed();
  });
  return {
    leave() {
      if (depth > 0) return history.go(-depth);
      history.replaceState({ depth }, "", location.pathname + location.search);
      changed();
    },
  };
}
