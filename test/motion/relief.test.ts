import { beforeAll, describe, expect, test } from "bun:test";
import sharp from "sharp";
import { createKernel } from "../../src/kernel/kernel.ts";
import { createAmbience } from "../../src/motion/ambience.ts";
import { ambienceOf } from "../../src/motion/ambience-of.ts";
import { createClip, layCamera, planClip, readPicture } from "../../src/motion/clip.ts";
import type { RenderRequest } from "../../src/motion/render.ts";
import { lookAtStill } from "../../src/motion/sight.ts";
import { type Box, effects, type Mode, type Motion, modes, motions } from "../../src/scene/plan.ts";
import { boxInWindow, pointInWindow } from "../../src/scene/window.ts";
import { rgbToPlanes } from "../support/kernel-reference.ts";
import { jacobianMin } from "../support/mesh-reference.ts";
import { bendInMesh, skewInMesh, type TrackedMesh } from "../support/mesh-tracking.ts";
import { pictureFixture } from "../support/pictures/picture-fixtures.ts";
import { smallRequest } from "../support/render-fixtures.ts";

const kernel = await createKernel();
const frames = 60;
const framesSeen = 10;

interface Take {
  readonly motion: Motion;
  readonly mode: Mode;
  readonly rigid?: readonly Box[];
  readonly longSide?: number;
}

/** The meshes of some frames of a fixture, as production bends it, and where they look. */
async function meshesOf(name: string, { motion, mode, rigid = [], longSide = 1280 }: Take) {
  const request: RenderRequest = {
    ...smallRequest,
    ...{ motion, mode, longSide },
    sourcePath: await pictureFixture(name).path(),
    aspect: "preserve",
    plan: { focal: { x: 0.5, y: 0.5 }, camera: "parallax", rigid },
  };
  const plan = await planClip(request);
  const [picture, sight] = await Promise.all([
    readPicture(request, plan, "parallax"),
    lookAtStill(request, plan.window),
  ]);
  const relief = sight.relief;
  const { seed } = request;
  const shot = layCamera(kernel, picture, {
    ...plan,
    ...{ motion, mode, seed, camera: "parallax" },
    ...(relief && { depth: relief.depth, firmness: relief }),
  });
  const { width: sourceWidth, height: sourceHeight } = shot.warp.source;
  const { width, height } = plan;
  const meshes = Array.from({ length: framesSeen }, (_, index): TrackedMesh => {
    const pose = shot.poseAt(Math.round((index * (frames - 1)) / (framesSeen - 1)));
    const vertices = shot.warp.mesh(pose).slice();
    return { vertices, width, height, sourceWidth, sourceHeight };
  });
  return { meshes, plan, parallax: shot.parallax, relief };
}

const photographs = ["portrait", "coffee", "rocket", "boats", "acanthus", "group", "macro"];

describe("a parallax that nothing folds under", () => {
  test.each(photographs)("leaves each cell of %s at least 0.30 of its area", async (name) => {
    for (const motion of motions) {
      for (const mode of modes) {
        const { meshes, parallax } = await meshesOf(name, { motion, mode, longSide: 640 });
        expect(parallax).toBeGreaterThan(0.3);
        const least = meshes.map((mesh) =>
          jacobianMin(mesh.vertices, mesh, { width: mesh.sourceWidth, height: mesh.sourceHeight }),
        );
        expect(Math.min(...least)).toBeGreaterThan(0.4);
      }
    }
  });
});

describe("nothing folds when what moves by itself comes on top", () => {
  test.each(["home", "lake", "boats", "alpine", "facade"])("in %s", async (name) => {
    for (const mode of modes) {
      const request: RenderRequest = {
        ...smallRequest,
        ...{ motion: "kinetic", mode, longSide: 640, aspect: "preserve" },
        sourcePath: await pictureFixture(name).path(),
        plan: { focal: { x: 0.5, y: 0.5 }, camera: "parallax", effects },
      };
      const plan = await planClip(request);
      const { scene, relief } = await lookAtStill(request, plan.window);
      if (!scene || !relief) throw new Error(`${name} has no relief`);
      const { motion, seed } = request;
      const clip = { ...plan, motion, mode, seed, camera: "parallax" } as const;
      const living = ambienceOf(request, plan.window, scene);
      const ambience = createAmbience({ ...clip, ...living });
      const picture = await readPicture(request, plan, "parallax");
      const asked = { ...clip, depth: relief.depth, firmness: relief };
      if (!ambience) throw new Error(`nothing moves by itself in ${name}`);
      const { fields, momentAt } = ambience;
      // Where a phase of the drift jumps back it is not seen, so all of the sky is put at one.
      const drift = fields.drift?.map((value, at) => (at % 4 === 0 ? value : 0));
      const seen = { ...fields, ...(drift && { drift }) };
      const { warp, poseAt } = layCamera(kernel, picture, asked, seen);
      for (let frame = 0; frame < plan.frames; frame += 6) {
        const mesh = warp.mesh(poseAt(frame), momentAt(frame));
        expect(jacobianMin(mesh, plan, warp.source)).toBeGreaterThanOrEqual(0.3);
      }
    }
  });
});

/** Where the faces of the samples are; each is a little larger than a detector's box. */
const faces: Readonly<Record<string, readonly Box[]>> = {
  portrait: [{ left: 0.36, top: 0.1, width: 0.17, height: 0.22 }],
  group: [
    { left: 0.11, top: 0.24, width: 0.13, height: 0.3 },
    { left: 0.44, top: 0.12, width: 0.13, height: 0.32 },
    { left: 0.74, top: 0.24, width: 0.13, height: 0.3 },
  ],
};

describe("faces move as one piece", () => {
  const skewMax = { subtle: 0.5, medium: 0.5, kinetic: 1 };

  test.each(Object.entries(faces))("in %s", async (name, rigid) => {
    for (const motion of motions) {
      for (const mode of modes) {
        const { meshes, plan, parallax } = await meshesOf(name, { motion, mode, rigid });
        expect(parallax).toBeGreaterThan(0.3);
        for (const box of rigid) {
          const seen = boxInWindow(box, plan.window);
          const skews = meshes.map((mesh) => skewInMesh(mesh, seen));
          expect(Math.max(...skews)).toBeLessThanOrEqual(skewMax[motion]);
        }
      }
    }
  });

  test("and would not, were they not known", async () => {
    const { meshes } = await meshesOf("portrait", { motion: "kinetic", mode: "loop" });
    const box = { left: 0.36, top: 0.1, width: 0.17, height: 0.22 };
    expect(Math.max(...meshes.map((mesh) => skewInMesh(mesh, box)))).toBeGreaterThan(1);
  });
});

describe("straight lines stay straight", () => {
  test.each(["facade", "screenshot", "screenshot-dark"])("in %s at medium", async (name) => {
    const { lines = [] } = pictureFixture(name);
    expect(lines.length).toBeGreaterThan(3);
    for (const mode of modes) {
      const { meshes, plan } = await meshesOf(name, { motion: "medium", mode });
      for (const { from, to } of lines) {
        const [start, end] = [pointInWindow(from, plan.window), pointInWindow(to, plan.window)];
        const bends = meshes.map((mesh) => bendInMesh(mesh, start, end));
        expect(Math.max(...bends)).toBeLessThanOrEqual(0.5);
      }
    }
  });

  test("and drawings move as one sheet", async () => {
    for (const name of ["screenshot", "text", "logo", "chart", "line-art"]) {
      const { relief, parallax } = await meshesOf(name, { motion: "kinetic", mode: "loop" });
      expect(relief).toBeUndefined();
      expect(parallax).toBe(0);
    }
  });
});

/** Luma planes of a whole clip of a fixture, as production draws it. */
async function clipOf(name: string, { motion, mode, longSide = 480 }: Take) {
  const request: RenderRequest = {
    ...smallRequest,
    ...{ motion, mode, longSide },
    sourcePath: await pictureFixture(name).path(),
    aspect: "preserve",
    plan: { focal: { x: 0.5, y: 0.5 }, camera: "parallax" },
  };
  const plan = await planClip(request);
  const [picture, sight] = await Promise.all([
    readPicture(request, plan, "parallax"),
    lookAtStill(request, plan.window),
  ]);
  const { depth } = sight.relief ?? {};
  const { seed } = request;
  const clip = createClip(kernel, picture, {
    ...plan,
    ...{ motion, mode, seed, camera: "parallax" },
    ...(depth && { depth }),
  });
  const frames = Array.from({ length: clip.frames }, (_, index) =>
    clip.draw(index).slice(0, plan.width * plan.height),
  );
  return { frames, plan, path: request.sourcePath };
}

describe("a clip with depth", () => {
  test.each(["coffee", "boats"])(
    "of %s has no seam, and its sharpness does not pump",
    async (name) => {
      const { frames, plan } = await clipOf(name, { motion: "medium", mode: "loop" });
      const steps = frames.map((frame, index) =>
        meanDifference(frame, frames[(index + 1) % frames.length] ?? frame),
      );
      const median = steps.toSorted((left, right) => left - right)[steps.length / 2] ?? 0;
      expect(median).toBeGreaterThan(0.2);
      expect(steps.at(-1)).toBeLessThanOrEqual(1.4 * median);
      const sharpness = frames.map((frame) => sharpnessOf(frame, plan));
      expect(flickerOf(sharpness)).toBeLessThanOrEqual(0.01);
    },
  );

  test.each([
    ["animate-on-hover", 0],
    ["animate-in", -1],
  ] as const)("in %s shows the still itself", async (mode, frame) => {
    const { frames, plan, path } = await clipOf("boats", { motion: "kinetic", mode });
    const { width, height, crop } = plan;
    const still = await sharp(path)
      .extract(crop)
      .resize(width, height, { fit: "fill", kernel: "lanczos3" })
      .toColourspace("srgb")
      .removeAlpha()
      .raw()
      .toBuffer();
    const expected = rgbToPlanes(still, width, height).y;
    const shown = frames.at(frame) ?? new Uint8Array();
    const squares = expected.map((level, index) => (level - (shown[index] ?? 0)) ** 2);
    const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
    expect(10 * Math.log10(255 ** 2 / mean)).toBeGreaterThan(36);
  });
});

function meanDifference(one: Uint8Array, other: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) {
    sum += Math.abs((one[index] ?? 0) - (other[index] ?? 0));
  }
  return sum / one.length;
}

/** The mean of |Laplacian| over the middle of a frame. */
function sharpnessOf(luma: Uint8Array, { width, height }: { width: number; height: number }) {
  let sum = 0;
  for (let y = 20; y < height - 20; y++) {
    for (let index = y * width + 20; index < (y + 1) * width - 20; index++) {
      const beside = (luma[index - 1] ?? 0) + (luma[index + 1] ?? 0);
      const around = beside + (luma[index - width] ?? 0) + (luma[index + width] ?? 0);
      sum += Math.abs(4 * (luma[index] ?? 0) - around);
    }
  }
  return sum / ((width - 40) * (height - 40));
}

/** Root mean square second difference of a periodic series, as a share of its mean. */
function flickerOf(series: readonly number[]): number {
  const at = (index: number) => series[index % series.length] ?? Number.NaN;
  const bends = series.map((value, index) => value - 2 * at(index + 1) + at(index + 2));
  const mean = series.reduce((sum, value) => sum + value, 0) / series.length;
  return Math.sqrt(bends.reduce((sum, bend) => sum + bend ** 2, 0) / bends.length) / mean;
}

describe("what is seen", () => {
  let first: Awaited<ReturnType<typeof meshesOf>>;
  beforeAll(async () => {
    first = await meshesOf("boats", { motion: "medium", mode: "loop", longSide: 320 });
  });

  test("bends the picture the same way every time", async () => {
    const second = await meshesOf("boats", { motion: "medium", mode: "loop", longSide: 320 });
    expect(second.meshes).toEqual(first.meshes);
  });

  test("near and far part: the shore moves against the sky", () => {
    const shifts = first.meshes.map(({ vertices, sourceWidth, width }) => {
      const columns = Math.ceil(width / 16) + 1;
      const rows = vertices.length / 2 / columns;
      const at = (row: number) => (vertices[2 * (row * columns + 8)] ?? 0) / 65536;
      return ((at(rows - 3) - at(2)) * width) / sourceWidth;
    });
    expect(Math.max(...shifts) - Math.min(...shifts)).toBeGreaterThan(4);
  });
});
