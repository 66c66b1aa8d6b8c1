// Room for a whole model, with the items of its head in it.

import { Catalog, dataLength, engineCall, infoOf, type Opened, tellHeader, wholeEngine } from "../../model/engine.js";
import type { Header } from "../../model/model.js";
import { Moments } from "../../host/task.js";
import { ModelBuffer } from "../../wasm/foldin.js";
import type { PartList } from "./list.js";
import { Missing } from "./missing.js";

/** A whole model that is still arriving. */
export interface Whole extends Opened {
  missing: Missing;
}

/** Tensors with a row an item. */
const PER_ITEM = /^(item_(factors|scales|biases|counts|trend)|map\.xy|catalog\.numbers\..+)$/;
const ROWS = "parts.rows";
const BYTES: Record<string, number> = { F32: 4, U32: 4, F16: 2 };

/** Lets a catalogue count and list its rows itself again, once all are there. */
export function settle(catalog: Catalog): void {
  for (const name of ["length", "rows"]) Reflect.deleteProperty(catalog, name);
}

/** Makes room for the whole model and puts its head in, in short tasks. The head answers until this resolves. */
export async function layOut(head: Opened, list: PartList, memory: WebAssembly.Memory): Promise<Whole> {
  await wholeEngine();
  const { parts: _, whole_items: __, ...metadata } = head.header.metadata;
  const header: Header = { metadata, tensors: tensorsOf(head.header, list) };
  const buffer = engineCall(() => new ModelBuffer(dataLength(header.tensors)));
  const { pointer } = buffer;
  const names = Object.keys(list.starts);
  const starts = Uint32Array.from(Object.values(list.starts).flat());
  const engine = engineCall(() =>
    head.engine.arriving(tellHeader(header), buffer, Uint32Array.from(list.firsts), names, starts),
  );
  try {
    const moments = new Moments();
    for (const part of list.files.keys()) {
      await moments.next();
      engineCall(() => engine.placeHead(part));
    }
  } catch (error) {
    engine.free();
    throw error;
  }
  const missing = new Missing(list.firsts, head.catalog.tensor(ROWS) as Uint32Array);
  const catalog = new Catalog(header, memory, pointer);
  // Until all rows are there, the engine knows which are.
  Object.defineProperties(catalog, {
    length: { configurable: true, get: () => engine.items },
    rows: {
      configurable: true,
      value: (offset: number, count: number) => {
        const gone = new Set(engine.removed());
        return missing.present(offset, count, engine.items + gone.size + missing.size, gone);
      },
    },
  });
  return { engine, header, catalog, info: { ...infoOf(header), of: list.firsts.at(-1) as number }, missing };
}

/** The tensors of the whole model, by the head's. Wide numbers come first, so that all are aligned. */
function tensorsOf({ tensors }: Header, { firsts, starts }: PartList): Header["tensors"] {
  const items = firsts.at(-1) as number;
  const lengths = new Map<string, number>();
  for (const [offsets, of] of Object.entries(starts)) {
    lengths.set(offsets, items + 1);
    for (const values of valuesOf(offsets)) lengths.set(values, of.at(-1) as number);
  }
  const whole = Object.entries(tensors).flatMap(([name, { dtype, shape }]) => {
    const own = name.replace(/^parts\.together\./, "together.");
    const length = PER_ITEM.test(own) ? items : lengths.get(own);
    return name === ROWS ? [] : [{ name: own, dtype, shape: length === undefined ? shape : [length, ...shape.slice(1)] }];
  });
  const widthOf = (dtype: string): number => BYTES[dtype] ?? 1;
  let end = 0;
  const laidOut = whole
    .sort((a, b) => widthOf(b.dtype) - widthOf(a.dtype))
    .map(({ name, dtype, shape }) => {
      const start = end;
      end += shape.reduce((product, axis) => product * axis, widthOf(dtype));
      return [name, { dtype, shape, data_offsets: [start, end] as [number, number] }];
    });
  return Object.fromEntries(laidOut) as Header["tensors"];
}

/** The tensors that the offsets of this name divide. */
const valuesOf = (offsets: string): string[] =>
  offsets === "item_id_offsets"
    ? ["item_ids"]
    : offsets === "together.offsets"
      ? ["together.items", "together.weights"]
      : [offsets.replace(/\.offsets$/, "")];
