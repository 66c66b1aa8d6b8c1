// Counts the WebAssembly memory of the page, whoever makes it. Must be imported before any of them is.

const memories = new Set();

const { Memory, instantiate, instantiateStreaming } = WebAssembly;
WebAssembly.Memory = class extends Memory {
  constructor(descriptor) {
    super(descriptor);
    memories.add(this);
  }
};

const counted = (instantiate) => async (...args) => {
  const result = await instantiate.apply(WebAssembly, args);
  const exports = (result.instance ?? result).exports;
  for (const value of Object.values(exports)) if (value instanceof Memory) memories.add(value);
  return result;
};
WebAssembly.instantiate = counted(instantiate);
WebAssembly.instantiateStreaming = counted(instantiateStreaming);

export const wasmBytes = () => [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
