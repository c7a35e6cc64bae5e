import { type AmbientFields, type AmbientMoment, loadAmbience } from "./ambience.ts";
import { drawDiscs, drawFrame, type FrameBlocks } from "./frame.ts";
import { instantiateKernel, type KernelInstance } from "./instance.ts";
import { loadPlanes, type RgbPicture, type SourcePlanes } from "./planes.ts";

/** Draws frames of one picture at a time. Every Worker has a kernel of its own. */
export interface Kernel {
  /** Takes in a picture, in place of the one before, whose `Warp` must not be used any more. */
  load(picture: RgbPicture, view: View): Warp;
  /** Bytes of memory, which grows to what the largest picture needed and stays there. */
  memoryBytes(): number;
}

/** How a picture is looked at in all frames of a clip. */
export interface View {
  /** The size of a frame, in pixels; both even. */
  readonly width: number;
  readonly height: number;
  readonly depth: DepthMap;
  /** The depth that stays in place when the camera moves. */
  readonly pivot: number;
  /** What moves by itself; nothing when not said. */
  readonly ambience?: AmbientFields;
}

/** How near each part of the picture is: rows of 0 (far) to 1 (near), at least 2 by 2. */
export interface DepthMap {
  readonly width: number;
  readonly height: number;
  readonly samples: Float32Array;
}

/** Where the camera stands in one frame. Lengths are in output pixels. */
export interface CameraPose {
  /** 1 shows the whole picture. */
  readonly zoom: number;
  /** Radians. */
  readonly roll: number;
  readonly panX: number;
  readonly panY: number;
  /** The shift between the farthest and the nearest depth. */
  readonly parallaxX: number;
  readonly parallaxY: number;
  /** The zoom between the farthest and the nearest depth. */
  readonly dolly: number;
}

export interface Warp {
  readonly source: SourcePlanes;
  /** How many source pixels the frame reaches out of the picture; 0 or less when it does not. */
  overflow(pose: CameraPose): number;
  /** The frame as yuv420p, in the kernel's memory: valid until the next call. */
  draw(pose: CameraPose, moment?: AmbientMoment): Uint8Array;
  /** The luma vertices of a pose, x and y in source pixels as 16.16: valid until the next call. */
  mesh(pose: CameraPose, moment?: AmbientMoment): Int32Array;
}

const cellSize = 16;

/** Compiles and instantiates the kernel, a few milliseconds. */
export async function createKernel(): Promise<Kernel> {
  const instance = await instantiateKernel();
  const start = instance.mark();
  return {
    load: (picture, view) => {
      instance.release(start);
      return createWarp(instance, picture, view);
    },
    memoryBytes: () => instance.memory.buffer.byteLength,
  };
}

function createWarp(kernel: KernelInstance, picture: RgbPicture, view: View): Warp {
  const source = loadPlanes(kernel, picture);
  const columns = Math.ceil(view.width / cellSize) + 1;
  const rows = Math.ceil(view.height / cellSize) + 1;
  const meshLength = columns * rows * 2;
  const lumaMesh = kernel.allocate(meshLength * Int32Array.BYTES_PER_ELEMENT);
  const chromaMesh = kernel.allocate(meshLength * Int32Array.BYTES_PER_ELEMENT);
  const frameBytes = (view.width * view.height * 3) / 2;
  const frame = kernel.allocate(frameBytes);
  const camera = createCamera(kernel, source, view);
  const ambience = view.ambience && loadAmbience(kernel, view.ambience, columns * rows);
  const buildMesh = (pose: CameraPose, moment?: AmbientMoment) => {
    camera.place(pose);
    if (ambience?.hasFields && moment) {
      ambience.setMoment(moment);
      kernel.buildLivingMesh(camera.address, ambience.address, lumaMesh, chromaMesh);
    } else {
      kernel.buildMesh(camera.address, lumaMesh, chromaMesh);
    }
  };
  const { width, height } = view;
  const blocks: FrameBlocks = { source, width, height, frame, lumaMesh, chromaMesh };
  return {
    source,
    overflow: (pose) => {
      camera.place(pose);
      return kernel.borderOverflow(camera.address);
    },
    draw: (pose, moment) => {
      buildMesh(pose, moment);
      drawFrame(kernel, blocks, moment && ambience);
      drawDiscs(kernel, blocks, moment?.discs ?? []);
      return new Uint8Array(kernel.memory.buffer, frame, frameBytes);
    },
    mesh: (pose, moment) => {
      buildMesh(pose, moment);
      return new Int32Array(kernel.memory.buffer, lumaMesh, meshLength);
    },
  };
}

/** The kernel's `Camera`: sixteen 64-bit fields, eight of them of the pose, then three of 32. */
const fieldBytes = Float64Array.BYTES_PER_ELEMENT;
const poseFieldCount = 8;
const sizeFieldCount = 8;
const depthOffset = (poseFieldCount + sizeFieldCount) * fieldBytes;

function createCamera(kernel: KernelInstance, source: SourcePlanes, view: View) {
  const { samples, width: depthWidth, height: depthHeight } = view.depth;
  const depth = kernel.allocate(samples.byteLength);
  const address = kernel.allocate(depthOffset + 3 * Int32Array.BYTES_PER_ELEMENT);
  const { buffer } = kernel.memory;
  new Float32Array(buffer, depth, samples.length).set(samples);
  const sizes = [
    ...[view.width, view.height, source.width, source.height],
    ...[source.width / view.width, source.height / view.height],
    ...[depthWidth / view.width, depthHeight / view.height],
  ];
  new Float64Array(buffer, address + poseFieldCount * fieldBytes, sizeFieldCount).set(sizes);
  new Int32Array(buffer, address + depthOffset, 3).set([depth, depthWidth, depthHeight]);
  return {
    address,
    // Memory may have grown since, which leaves earlier views of it without any.
    place: (pose: CameraPose) => {
      const poseFields = new Float64Array(kernel.memory.buffer, address, poseFieldCount);
      poseFields.set(fieldsOf(pose, view.pivot));
    },
  };
}

/**
 * In the order of the kernel's fields, rounded to 32 bits: the mathematical functions of two
 * machines may differ in the last of 64 bits, and their frames must not.
 */
function fieldsOf(pose: CameraPose, pivot: number): Float32Array {
  return Float32Array.of(
    Math.cos(pose.roll) / pose.zoom,
    Math.sin(pose.roll) / pose.zoom,
    pose.panX,
    pose.panY,
    pose.parallaxX,
    pose.parallaxY,
    pose.dolly,
    pivot,
  );
}
