/**
 * A depth model of one operation, written by hand: what is bright counts as near. The message and
 * field numbers are those of `onnx.proto`, opset 13.
 */
export function makeBrightnessModel(
  options: {
    /** The input's side in pixels; undefined leaves it open. */
    readonly side?: number;
    /** Further sizes before height and width; `[1, 3]` when not given. */
    readonly leading?: readonly number[];
    /** Over which sizes the mean is taken; of the channels when not given. */
    readonly axes?: readonly number[];
  } = {},
): Uint8Array {
  const { side, leading = [1, 3], axes = [1] } = options;
  const sides = [side ?? "height", side ?? "width"];
  const node = message(
    [1, text("picture")],
    [2, text("nearness")],
    [4, text("ReduceMean")],
    [5, attribute("axes", [[8, packed(axes)]], 7)],
    [5, attribute("keepdims", [[3, 0]], 2)],
  );
  const graph = message(
    [1, node],
    [2, text("brightness")],
    [11, valueInfo("picture", [...leading, ...sides])],
    [12, valueInfo("nearness", undefined)],
  );
  return message([1, 8], [7, graph], [8, message([2, 13])]);
}

type Field = readonly [number: number, value: number | Uint8Array];

function attribute(name: string, values: readonly Field[], type: number): Uint8Array {
  return message([1, text(name)], ...values, [20, type]);
}

/** A tensor of 32-bit floats; of any shape when none is given. */
function valueInfo(name: string, shape: readonly (number | string)[] | undefined): Uint8Array {
  const sizes = shape?.map(
    (size): Field => [1, typeof size === "number" ? message([1, size]) : message([2, text(size)])],
  );
  const tensor = message([1, 1], ...(sizes ? [[2, message(...sizes)] as const] : []));
  return message([1, text(name)], [2, message([1, tensor])]);
}

/** Numbers are written as varints, bytes with their length before them. */
function message(...fields: readonly Field[]): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(([number, value]) =>
      typeof value === "number"
        ? [...varint(number << 3), ...varint(value)]
        : [...varint((number << 3) | 2), ...varint(value.length), ...value],
    ),
  );
}

function packed(values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [...varint(value)]));
}

function varint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
