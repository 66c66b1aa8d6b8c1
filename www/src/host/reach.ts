// What a browser may lack, refuse or leave unanswered: nothing of it is needed.

/** Touches something of the browser's; undefined where it is not there or throws, as in a sandboxed frame. */
export function reach<T>(touch: () => T): T | undefined {
  try {
    return touch();
  } catch {
    return undefined;
  }
}

/** What a promise comes to; undefined where that takes longer than so many milliseconds. */
export async function within<T>(milliseconds: number, promise: Promise<T> | undefined): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, milliseconds, undefined)));
  try {
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
  }
}
