import type { Header } from "./model.js";
import type { Item, TensorData } from "./types.js";

/** A column of strings: one after the other, and where each ends. */
interface Strings {
  bytes: Uint8Array;
  ends: Uint32Array;
}

/** A column of tags: numbers into its names, and where each item's end. */
interface Tags {
  codes: Uint32Array;
  ends: Uint32Array;
  names: string[];
}

/** The columns as they lie in wasm memory. */
interface Columns {
  id: (row: number) => string;
  title: ((row: number) => string) | undefined;
  titles: Strings | undefined;
  tags: [string, Tags][];
  figures: [string, Float32Array][];
}

const TAGS = "catalog.tags.";
const FIGURES = "catalog.numbers.";
const OFFSETS = ".offsets";

/** What holds the numbers of each type; halves stay the 16 bits that they are. */
const DATA: Record<string, new (buffer: ArrayBufferLike) => TensorData> = {
  F32: Float32Array,
  U32: Uint32Array,
  F16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
};

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** How many texts of a column are remembered. */
const REMEMBERED = 16_384;

/** Reads texts, each once as long as no other takes its place: making a string takes longer than scoring its item. */
function remembering(read: (row: number) => string): (row: number) => string {
  const rows = new Uint32Array(REMEMBERED); // and one, so that 0 is none
  const texts = new Array<string>(REMEMBERED);
  return (row) => {
    const at = row % REMEMBERED;
    if (rows[at] !== row + 1) {
      rows[at] = row + 1;
      texts[at] = read(row);
    }
    return texts[at] as string;
  };
}

const stringAt = ({ bytes, ends }: Strings, at: number): string => decoder.decode(bytes.subarray(ends[at], ends[at + 1]));

const allOf = (strings: Strings | undefined): string[] =>
  strings ? Array.from(strings.ends.subarray(1), (_, at) => stringAt(strings, at)) : [];

/** What a model says of its items, read in place. The engine has checked every offset. */
export class Catalog {
  readonly #tensors: Header["tensors"];
  readonly #memory: WebAssembly.Memory;
  readonly #pointer: number;
  /** Views of the memory, which are void as soon as it grows: its buffer is then another. */
  #columns: Columns | undefined;
  #buffer: ArrayBufferLike | undefined;

  /** Of a model whose data section starts at `pointer`. */
  constructor({ tensors }: Header, memory: WebAssembly.Memory, pointer: number) {
    this.#tensors = tensors;
    this.#memory = memory;
    this.#pointer = pointer;
  }

  /** The model's data section, of so many bytes; a view, until the memory grows. */
  bytes(length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, this.#pointer, length);
  }

  /** Every title, in the order of the rows; none where the model has none. */
  titles(): string[] {
    return allOf(this.#here().titles);
  }

  id(row: number): string {
    return this.#here().id(row);
  }

  title(row: number): string | undefined {
    return this.#here().title?.(row);
  }

  item(row: number): Item {
    return this.reader()(row);
  }

  /** Reads items until the memory grows, which it looks at only once. */
  reader(): (row: number) => Item {
    const { id, title, tags, figures } = this.#here();
    return (row) => {
      const item: Item = { item: id(row) };
      if (title) item.title = title(row);
      for (const [name, column] of tags) (item.tags ??= {})[name] = tagsOf(column, row);
      for (const [name, { [row]: figure = Number.NaN }] of figures) {
        if (!Number.isNaN(figure)) (item.numbers ??= {})[name] = figure;
      }
      return item;
    };
  }

  /** A tensor of the model file, copied; undefined where the file has none of that name. */
  tensor(name: string): TensorData | undefined {
    const { dtype = "", data_offsets: [start, end] = [0, 0] } = this.#tensors[name] ?? {};
    const Data = DATA[dtype];
    return Data && new Data(this.#memory.buffer.slice(this.#pointer + start, this.#pointer + end));
  }

  #here(): Columns {
    const { buffer } = this.#memory;
    if (!this.#columns || this.#buffer !== buffer) this.#columns = this.#read(buffer);
    this.#buffer = buffer;
    return this.#columns;
  }

  #read(buffer: ArrayBufferLike): Columns {
    const tensors = this.#tensors;
    const view = <T>(Type: new (buffer: ArrayBufferLike, start: number, length: number) => T, width: number) =>
      (name: string): T => {
        const [start, end] = tensors[name]?.data_offsets ?? [0, 0];
        return new Type(buffer, this.#pointer + start, (end - start) / width);
      };
    const [bytes, words, floats] = [view(Uint8Array, 1), view(Uint32Array, 4), view(Float32Array, 4)];
    const tags = (name: string): Tags => ({
      codes: words(TAGS + name),
      ends: words(TAGS + name + OFFSETS),
      names: allOf(strings(`catalog.vocabulary.${name}`)),
    });
    const strings = (name: string, ends = name + OFFSETS): Strings | undefined =>
      tensors[name] && { bytes: bytes(name), ends: words(ends) };
    const named = (prefix: string): string[] =>
      Object.keys(tensors).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
    const ids = strings("item_ids", "item_id_offsets");
    const numbers = tensors.item_numbers && words("item_numbers");
    const titles = strings("catalog.title");
    return {
      id: remembering((row) => (ids ? stringAt(ids, row) : String(numbers ? numbers[row] : row))),
      title: titles && remembering((row) => stringAt(titles, row)),
      titles,
      tags: named(TAGS)
        .filter((name) => !name.endsWith(OFFSETS))
        .map((name) => [name, tags(name)]),
      figures: named(FIGURES).map((name) => [name, floats(FIGURES + name)]),
    };
  }
}

const tagsOf = ({ codes, ends, names }: Tags, row: number): string[] =>
  Array.from(codes.subarray(ends[row], ends[row + 1]), (code) => names[code] ?? "");
