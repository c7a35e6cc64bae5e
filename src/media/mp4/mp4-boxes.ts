/** One box of an mp4 (ISO/IEC 14496-12): a type and a piece of the bytes it was found in. */
export interface Mp4Box {
  readonly type: string;
  /** The content, without the header. */
  readonly body: DataView;
}

/** No sane file nests or repeats more; a file made to keep us busy does. */
const boxesMax = 10_000;

/** A file that is not what it says; whoever knows what it is for makes an AppError of this. */
export class Mp4Error extends Error {
  override readonly name = "Mp4Error";
}

/** The boxes that lie one after the other in `view`. @throws Mp4Error when they do not fit. */
export function readBoxes(view: DataView): readonly Mp4Box[] {
  const boxes: Mp4Box[] = [];
  for (let offset = 0; offset < view.byteLength; ) {
    if (boxes.length === boxesMax) throw new Mp4Error("there are too many boxes");
    const header = readBoxHeader(subView(view, offset));
    const size = header.size === "rest" ? view.byteLength - offset : header.size;
    const body = subView(view, offset + header.headerSize, size - header.headerSize);
    boxes.push({ type: header.type, body });
    offset += size;
  }
  return boxes;
}

/** The first box that `path` leads to, one type a level, or undefined. */
export function findBox(view: DataView, ...path: readonly string[]): DataView | undefined {
  let found: DataView | undefined = view;
  for (const type of path) {
    found = found && readBoxes(found).find((box) => box.type === type)?.body;
  }
  return found;
}

/** As `findBox`, where a file without it is of no use. */
export function getBox(view: DataView, ...path: readonly string[]): DataView {
  const found = findBox(view, ...path);
  if (!found) throw new Mp4Error(`the box ${path.join("/")} is missing`);
  return found;
}

export interface BoxHeader {
  readonly type: string;
  readonly headerSize: number;
  /** With the header; `rest` reaches to the end of whatever the box lies in. */
  readonly size: number | "rest";
}

/** Reads the header that `view` begins with: at most 16 bytes of it. */
export function readBoxHeader(view: DataView): BoxHeader {
  if (view.byteLength < 8) throw new Mp4Error("a box is cut off");
  const type = fourCharacters(view, 4);
  const size = view.getUint32(0);
  if (size === 0) return { type, headerSize: 8, size: "rest" };
  if (size !== 1) return { type, headerSize: 8, size: checkedSize(type, size, 8) };
  if (view.byteLength < 16) throw new Mp4Error("a box is cut off");
  return { type, headerSize: 16, size: checkedSize(type, Number(view.getBigUint64(8)), 16) };
}

export function fourCharacters(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((index) => byteAt(view, offset + index)));
}

/** A part of `view`; as far as it goes when no length is given. */
export function subView(view: DataView, offset: number, length?: number): DataView {
  const size = length ?? view.byteLength - offset;
  if (size < 0 || offset + size > view.byteLength) throw new Mp4Error("a box is cut off");
  return new DataView(view.buffer, view.byteOffset + offset, size);
}

function byteAt(view: DataView, offset: number): number {
  if (offset >= view.byteLength) throw new Mp4Error("a box is cut off");
  return view.getUint8(offset);
}

function checkedSize(type: string, size: number, headerSize: number): number {
  if (size < headerSize || !Number.isSafeInteger(size)) {
    throw new Mp4Error(`the box ${JSON.stringify(type)} says that it has ${size} bytes`);
  }
  return size;
}
