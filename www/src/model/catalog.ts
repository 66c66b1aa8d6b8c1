import type { Header } from "./model.js";
import type { Item, NewItem, TensorData } from "../types.js";

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

/** Rows of a model that have yet to arrive. */
export interface MissingRows {
  size: number;
  /** From `offset` on at most `count` of the other rows below `end` that are not gone. */
  others(offset: number, count: number, end: number, gone: ReadonlySet<number>): number[];
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

  /** How many items the model has of its own, and the row behind the last one of all. */
  readonly #own: number;
  #end: number;
  /** The rows that have yet to arrive. */
  missing: MissingRows | undefined;
  readonly #added = new Map<number, Item>();
  readonly #gone = new Set<number>();

  /** Of a model whose data section starts at `pointer`. */
  constructor({ tensors }: Header, memory: WebAssembly.Memory, pointer: number) {
    this.#own = this.#end = tensors.item_factors?.shape[0] ?? 0;
    this.#tensors = tensors;
    this.#memory = memory;
    this.#pointer = pointer;
  }

  /** Bytes of the model's data section; a view, until the memory grows. */
  bytes(from: number, to: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, this.#pointer + from, to - from);
  }

  /** Rows from `offset` on, of at most `count` items that are there: the model's in its own order, then those that were added. */
  rows(offset: number, count: number): number[] {
    if (this.missing) return this.missing.others(offset, count, this.#end, this.#gone);
    const rows: number[] = [];
    let row = offset;
    for (const gone of [...this.#gone].sort((a, b) => a - b)) if (gone <= row) row++;
    for (const end = this.#end; row < end && rows.length < count; row++) if (!this.#gone.has(row)) rows.push(row);
    return rows;
  }

  /** How many items are there. */
  get length(): number {
    return this.#end - this.#gone.size - (this.missing?.size ?? 0);
  }

  /** Shows an item that was added in a row behind all others. */
  add(row: number, { id, title, features = {} }: NewItem): void {
    const { tags, figures } = this.#here();
    const item: Item = { item: id, ...(title !== undefined && { title }) };
    for (const [name] of tags) (item.tags ??= {})[name] = [features[name] ?? []].flat() as string[];
    for (const [name] of figures) {
      const number = features[name];
      if (typeof number === "number") (item.numbers ??= {})[name] = number;
    }
    this.#added.set(row, item);
    this.#end = row + 1;
  }

  /** The rows of the model's own items that are gone. */
  removed(): Uint32Array {
    return Uint32Array.from(this.#gone).filter((row) => row < this.#own);
  }

  /** Shows the item of a row no more. */
  remove(row: number): void {
    this.#gone.add(row);
  }

  id(row: number): string {
    return this.#added.get(row)?.item ?? this.#here().id(row);
  }

  title(row: number): string | undefined {
    return row < this.#own ? this.#here().title?.(row) : this.#added.get(row)?.title;
  }

  item(row: number): Item {
    return this.reader()(row);
  }

  /** The rows of the items that have a title, each with it. */
  titled(): [row: number, title: string][] {
    return this.rows(0, this.length).flatMap((row) => {
      const title = this.title(row);
      return title === undefined ? [] : [[row, title] as [number, string]];
    });
  }

  /** Writes over an item what the page says of it. */
  overlay: ((item: Item) => void) | undefined;

  /** Reads items until the memory grows, which it looks at only once. */
  reader(): (row: number) => Item {
    const { id, title, tags, figures } = this.#here();
    return (row) => {
      const added = row < this.#own ? undefined : this.#added.get(row);
      // What the caller adds to an item, such as a score, is not everybody's.
      if (added) return this.#shown({ ...added });
      const item: Item = { item: id(row) };
      if (title) item.title = title(row);
      for (const [name, column] of tags) (item.tags ??= {})[name] = tagsOf(column, row);
      for (const [name, { [row]: figure = Number.NaN }] of figures) {
        if (!Number.isNaN(figure)) (item.numbers ??= {})[name] = figure;
      }
      return this.#shown(item);
    };
  }

  #shown(item: Item): Item {
    this.overlay?.(item);
    return item;
  }

  /** A tensor of the model file, copied; undefined where the file has none of that name. */
  tensor(name: string): TensorData | undefined {
    const { dtype = "", data_offsets: [start, end] = [0, 0] } = this.#tensors[name] ?? {};
    const Data = DATA[dtype];
    return Data && new Data(this.#memory.buffer.slice(this.#pointer + start, this.#pointer + end));
  }

  /** The same with a row an item, in the order of {@link rows}; `added` tells the numbers of an item that the file lacks, else 0. */
  column(name: string, added: (row: number) => ArrayLike<number> | undefined): TensorData | undefined {
    const tensor = this.tensor(name);
    const perItem = this.#tensors[name]?.shape[0] === this.#own && this.#end - this.#gone.size > 0;
    if (!tensor || !perItem || (this.#end === this.#own && this.length === this.#own)) return tensor;
    const width = tensor.length / this.#own;
    const rows = this.rows(0, this.length);
    const column = new (tensor.constructor as new (length: number) => TensorData)(rows.length * width);
    rows.forEach((row, at) => {
      const numbers = row < this.#own ? tensor.subarray(row * width, (row + 1) * width) : added(row);
      if (numbers) column.set(numbers, at * width);
    });
    return column;
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
