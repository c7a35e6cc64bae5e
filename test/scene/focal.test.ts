import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import sharp from "sharp";
import { findFocalPoint } from "../../src/scene/focal.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = await openTemporaryDirectory();
afterAll(() => directory.close());

const samples = join(import.meta.dir, "../../assets/samples");

describe("findFocalPoint", () => {
  /** Where people point when they are asked for the subject. */
  const subjects = [
    ["cat", { x: 0.55, y: 0.5 }],
    ["coffee", { x: 0.48, y: 0.42 }],
    ["portrait", { x: 0.42, y: 0.25 }],
  ] as const;

  test.each(subjects)("finds the subject of %s.jpg", async (name, subject) => {
    const focal = await findFocalPoint(join(samples, `${name}.jpg`));
    expect(Math.hypot(focal.x - subject.x, focal.y - subject.y)).toBeLessThan(0.2);
  });

  test("follows a bright spot on a plain ground, also upright and across", async () => {
    const path = join(directory.path, "still.png");
    const spot = await sharp({
      create: { width: 60, height: 60, channels: 3, background: "#ff5020" },
    })
      .png()
      .toBuffer();
    for (const [width, height, left, top] of [
      [600, 300, 480, 40],
      [300, 600, 30, 420],
      [400, 400, 60, 60],
    ] as const) {
      const ground = { create: { width, height, channels: 3, background: "#808488" } } as const;
      await sharp(ground)
        .composite([{ input: spot, left, top }])
        .png()
        .toFile(path);
      const focal = await findFocalPoint(path);
      const place = { x: (left + 30) / width, y: (top + 30) / height };
      expect(Math.sign(focal.x - 0.5)).toBe(Math.sign(place.x - 0.5));
      expect(Math.sign(focal.y - 0.5)).toBe(Math.sign(place.y - 0.5));
      expect(Math.hypot(focal.x - place.x, focal.y - place.y)).toBeLessThan(0.25);
    }
  });

  test("is the centre where nothing stands out", async () => {
    const path = join(directory.path, "still.png");
    await sharp({ create: { width: 400, height: 300, channels: 3, background: "#777" } })
      .png()
      .toFile(path);
    expect(await findFocalPoint(path)).toEqual({ x: 0.5, y: 0.5 });
  });

  test("ends as cancelled when nobody wants to know any more", async () => {
    const finding = findFocalPoint(join(samples, "cat.jpg"), { signal: AbortSignal.abort() });
    expect(finding).rejects.toMatchObject({ code: "cancelled" });
    await finding.catch(() => undefined);
  });
});
