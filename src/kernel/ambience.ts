import type { KernelInstance } from "./instance.ts";

/**
 * What moves by itself in a picture: fields that lie over it, as rows of nodes, the outermost on
 * the picture's border. Every node has four numbers.
 */
export interface AmbientFields {
  /** Nodes across and down; at least 2. */
  readonly columns: number;
  readonly rows: number;
  /** A node: shift to the right and down in output pixels, gain of luma, nothing. */
  readonly waves: readonly Float32Array[];
  /**
   * Something that flows to the right for ever, in two phases that take turns. A node: reach in
   * output pixels, phase in turns, nothing twice.
   */
  readonly drift?: Float32Array;
}

/** The fields at one moment of a clip. */
export interface AmbientMoment {
  /** How much of each wave there is. */
  readonly weights: readonly number[];
  /** How far the drift is, in turns; at 1/2 and phase 0 it shows the picture itself. */
  readonly turn: number;
  /** Drawn over everything else. */
  readonly discs: readonly Disc[];
}

/** A soft white disc. Lengths are in output pixels, from the frame's top left corner. */
export interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Opacity of its centre, 0 to 1. */
  readonly alpha: number;
}

/** Fields in the kernel's memory, with room for what a frame needs of them. */
export interface Ambience {
  /** Address of the kernel's `Ambience`. */
  readonly address: number;
  readonly lumaMesh: number;
  readonly chromaMesh: number;
  readonly shares: number;
  readonly gains: number;
  readonly hasDrift: boolean;
  /** Whether anything is more than discs. */
  readonly hasFields: boolean;
  setMoment(moment: AmbientMoment): void;
}

const nodeNumbers = 4;
const floatBytes = Float32Array.BYTES_PER_ELEMENT;
const integerBytes = Int32Array.BYTES_PER_ELEMENT;

/** Takes fields into the kernel for frames of `vertices` vertices. */
export function loadAmbience(
  kernel: KernelInstance,
  fields: AmbientFields,
  vertices: number,
): Ambience {
  const { columns, rows, waves, drift } = fields;
  const nodes = columns * rows;
  const bytes = nodes * nodeNumbers * floatBytes;
  const waveBlock = kernel.allocate(bytes * waves.length);
  const weightBlock = kernel.allocate(floatBytes * waves.length);
  const sum = kernel.allocate(bytes);
  const driftBlock = drift ? kernel.allocate(bytes) : 0;
  const meshBytes = vertices * 2 * integerBytes;
  const lumaMesh = drift ? kernel.allocate(meshBytes) : 0;
  const chromaMesh = drift ? kernel.allocate(meshBytes) : 0;
  const shares = drift ? kernel.allocate(vertices * Int16Array.BYTES_PER_ELEMENT) : 0;
  const gains = kernel.allocate(vertices * Int16Array.BYTES_PER_ELEMENT);
  // In the order of the kernel's class, which ends with the turn.
  const integers = [columns, rows, sum, driftBlock, lumaMesh, chromaMesh, gains, shares];
  const turnOffset = integers.length * integerBytes;
  const address = kernel.allocate(turnOffset + floatBytes);
  const floats = (at: number, length: number) => new Float32Array(kernel.memory.buffer, at, length);
  for (const [index, wave] of waves.entries())
    floats(waveBlock + index * bytes, wave.length).set(wave);
  if (drift) floats(driftBlock, drift.length).set(drift);
  new Int32Array(kernel.memory.buffer, address, integers.length).set(integers);
  return {
    ...{ address, lumaMesh, chromaMesh, shares, gains },
    hasDrift: drift !== undefined,
    hasFields: drift !== undefined || waves.length > 0,
    // Numbers are rounded to 32 bits for the same reason as those of a pose.
    setMoment: ({ weights, turn }) => {
      floats(weightBlock, waves.length).set(weights);
      floats(address + turnOffset, 1)[0] = turn;
      kernel.sumFields(sum, waveBlock, weightBlock, waves.length, nodes);
    },
  };
}
