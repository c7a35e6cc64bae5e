import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { AppError } from "../../src/errors.ts";
import { createKernel } from "../../src/kernel/kernel.ts";
import { renderClip } from "../../src/motion/render-clip.ts";
import { effects } from "../../src/scene/plan.ts";
import { recordEncoder, smallRequest } from "../support/render-fixtures.ts";

const kernel = await createKernel();
const quietly = { signal: new AbortController().signal, onProgress: () => {} };

describe("renderClip", () => {
  test("hands every frame to the encoder, in the documented size and count", async () => {
    const { media, specs, frames, calls } = recordEncoder();
    const result = await renderClip({ kernel, media, encoderThreads: 3 }, smallRequest, quietly);
    expect(specs).toEqual([{ path: "clip.mp4", width: 128, height: 72, fps: 30, threads: 3 }]);
    expect(frames).toEqual(new Array(60).fill((128 * 72 * 3) / 2));
    expect(calls).toEqual(["finish"]);
    expect(result).toMatchObject({ width: 128, height: 72, fps: 30, frames: 60 });
  });

  test("the hash stands for the frames: the same for the same seed, and no other", async () => {
    const hashOf = async (seed: number) => {
      const { media } = recordEncoder();
      const request = { ...smallRequest, seed };
      return (await renderClip({ kernel, media, encoderThreads: 1 }, request, quietly)).framesHash;
    };
    const hash = await hashOf(7);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashOf(7)).toBe(hash);
    expect(await hashOf(8)).not.toBe(hash);
  });

  test("a clip with depth and effects has the same frames in every process", async () => {
    const plan = { ...smallRequest.plan, camera: "parallax", effects } as const;
    const request = { ...smallRequest, plan, motion: "kinetic", longSide: 320 } as const;
    const script = join(import.meta.dir, "../support/print-frames-hash.ts");
    const hashes = await Promise.all(
      [7, 7, 8].map(async (seed) => {
        const asked = JSON.stringify({ ...request, seed });
        const child = Bun.spawn([process.execPath, script, asked], { stdout: "pipe" });
        return (await new Response(child.stdout).text()).trim();
      }),
    );
    const { media } = recordEncoder();
    const own = await renderClip({ kernel, media, encoderThreads: 1 }, request, quietly);
    expect(hashes.slice(0, 2)).toEqual([own.framesHash, own.framesHash]);
    expect(hashes[2]).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes[2]).not.toBe(own.framesHash);
  });

  test("tells how far it is, up to the last frame", async () => {
    const { media } = recordEncoder();
    const told: (readonly [number, number])[] = [];
    const onProgress = (frames: number, total: number) => told.push([frames, total]);
    const options = { ...quietly, onProgress };
    await renderClip({ kernel, media, encoderThreads: 1 }, smallRequest, options);
    expect(told.length).toBe(12);
    expect(told[0]).toEqual([5, 60]);
    expect(told.at(-1)).toEqual([60, 60]);
  });

  test("stops within a frame when it is cancelled, and aborts the encoder", async () => {
    const abort = new AbortController();
    const { media, frames, calls } = recordEncoder((index) => index === 10 && abort.abort());
    const options = { ...quietly, signal: abort.signal };
    const rendering = renderClip({ kernel, media, encoderThreads: 1 }, smallRequest, options);
    await expect(rendering).rejects.toMatchObject({ code: "cancelled" });
    expect(frames.length).toBe(11);
    expect(calls).toEqual(["abort"]);
  });

  test("lets others have their turn between two frames", async () => {
    const abort = new AbortController();
    const { media, frames } = recordEncoder(
      (index) => index === 3 && setImmediate(() => abort.abort()),
    );
    const options = { ...quietly, signal: abort.signal };
    const rendering = renderClip({ kernel, media, encoderThreads: 1 }, smallRequest, options);
    await expect(rendering).rejects.toMatchObject({ code: "cancelled" });
    expect(frames.length).toBeLessThan(7);
  });

  test("starts no encoder for what is no picture", async () => {
    const { media, specs } = recordEncoder();
    const request = { ...smallRequest, sourcePath: import.meta.path };
    const rendering = renderClip({ kernel, media, encoderThreads: 1 }, request, quietly);
    await expect(rendering).rejects.toMatchObject({ code: "source_unsupported" });
    expect(specs).toEqual([]);
  });

  test("an encoder that fails ends the render with its own error", async () => {
    const { media, calls } = recordEncoder(() => {
      throw new AppError("i2v_failed", "the encoder ended");
    });
    const rendering = renderClip({ kernel, media, encoderThreads: 1 }, smallRequest, quietly);
    await expect(rendering).rejects.toMatchObject({ message: "the encoder ended" });
    expect(calls).toEqual(["abort"]);
  });
});
