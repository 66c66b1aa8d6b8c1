// Counts the WebAssembly memory of the page, whoever makes it. Must be imported before any of them is.

const memories = new Set();

const { Instance, Memory, instantiate, instantiateStreaming } = WebAssembly;
WebAssembly.Memory = class extends Memory {
  constructor(descriptor) {
    super(descriptor);
    memories.add(this);
  }
};

function count({ exports }) {
  for (const value of Object.values(exports)) if (value instanceof Memory) memories.add(value);
}

WebAssembly.Instance = class extends Instance {
  constructor(...args) {
    super(...args);
    count(this);
  }
};
const counted = (instantiate) => async (...args) => {
  const result = await instantiate.apply(WebAssembly, args);
  count(result.instance ?? result);
  return result;
};
WebAssembly.instantiate = counted(instantiate);
WebAssembly.instantiateStreaming = counted(instantiateStreaming);

export const wasmBytes = () => [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
