// No contestant but the floor under all of them: merely loading as many bytes as foldin's int8 rows take.

export const name = "reading alone";

const PAGE = 65536;

export async function load(factors) {
  const { instance } = await WebAssembly.instantiateStreaming(fetch("/read.wasm"));
  const { memory, read } = instance.exports;
  const bytes = factors.length;
  memory.grow(Math.ceil(bytes / PAGE));
  new Uint8Array(memory.buffer, PAGE, bytes).fill(1);
  return { ask: () => void read(PAGE, PAGE + bytes) };
}
