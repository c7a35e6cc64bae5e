import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { RgbPicture } from "../../src/kernel/planes.ts";
import { readCoarseMap } from "../../src/scene/coarse-map.ts";
import { createDepthNet } from "../../src/vision/depth-net.ts";
import { makeBrightnessModel } from "../support/onnx-maker.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const folder = await openTemporaryDirectory();
afterAll(() => folder.close());

async function modelAt(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder.path, name);
  await Bun.write(path, bytes);
  return path;
}

/** Black at the left, white at the right. */
const gradient: RgbPicture = {
  width: 96,
  height: 64,
  pixels: Uint8Array.from({ length: 96 * 64 * 3 }, (_, at) => (Math.floor(at / 3) % 96) * 2.6),
};

describe("a depth model", () => {
  test.each([{ side: 64 }, {}])("of sides %p says what is near", async (options) => {
    const net = await createDepthNet(await modelAt("model.onnx", makeBrightnessModel(options)));
    await net.tryOut();
    const map = await net.estimate(gradient);
    expect([map.width, map.height]).toEqual([192, 192]);
    const field = readCoarseMap(map)?.samples ?? new Float32Array();
    const row = field.subarray(100 * 192, 101 * 192);
    expect(row[0]).toBe(0);
    expect(row[96]).toBeWithin(0.45, 0.55);
    expect(row[191]).toBe(1);
    expect(await net.estimate(gradient)).toEqual(map);
  });

  test("that sees no difference gives an even map", async () => {
    const net = await createDepthNet(await modelAt("even.onnx", makeBrightnessModel({ side: 32 })));
    const even = { ...gradient, pixels: new Uint8Array(gradient.pixels.length).fill(90) };
    const field = readCoarseMap(await net.estimate(even))?.samples ?? [];
    expect(new Set(field).size).toBe(1);
  });

  test.each([
    ["no model at all", new TextEncoder().encode("not an ONNX file"), "an ONNX model"],
    ["an empty file", new Uint8Array(), "an ONNX model"],
    ["half a model", makeBrightnessModel().subarray(0, 60), "an ONNX model"],
    ["one of another input", makeBrightnessModel({ leading: [3] }), "one input of 1×3"],
    ["one of too large an input", makeBrightnessModel({ side: 4096 }), "32 to 1024 pixels"],
  ])("is refused, with its setting, when it is %s", async (_, bytes, expected) => {
    const path = await modelAt("wrong.onnx", bytes);
    await expect(createDepthNet(path)).rejects.toMatchObject({
      code: "invalid_config",
      message: expect.stringMatching(
        new RegExp(`^MOTIONESS_DEPTH_MODEL: got ".*wrong.onnx", expected .*${expected}`),
      ),
    });
  });

  test("is refused when it is not there", async () => {
    await expect(createDepthNet(join(folder.path, "none.onnx"))).rejects.toMatchObject({
      code: "invalid_config",
      message: expect.stringContaining("a file that is there"),
    });
  });

  test("is refused when what it answers is no map", async () => {
    const bytes = makeBrightnessModel({ side: 64, axes: [2, 3] });
    const net = await createDepthNet(await modelAt("numbers.onnx", bytes));
    await expect(net.tryOut()).rejects.toMatchObject({
      code: "invalid_config",
      message: expect.stringContaining("answers height×width"),
    });
  });
});
