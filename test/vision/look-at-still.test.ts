import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import sharp from "sharp";
import type { LookRequest } from "../../src/vision/look.ts";
import { lookAtStill } from "../../src/vision/look-at-still.ts";
import { createNets } from "../../src/vision/nets.ts";
import { type HistoricalName, historicalPath } from "../support/pictures/photographs.ts";
import { pictureFixture } from "../support/pictures/picture-fixtures.ts";
import { samplePath } from "../support/render-fixtures.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const folder = await openTemporaryDirectory();
afterAll(() => folder.close());
const tools = { nets: createNets(), depthNet: undefined, nsfwThreshold: 0.85 };
const { signal } = new AbortController();

function look(sourcePath: string, motion: LookRequest["motion"] = "medium") {
  return lookAtStill(tools, { sourcePath, motion }, signal);
}

const historicalNames: readonly HistoricalName[] = [
  "acanthus-mollis",
  "airplane-from-above",
  "allium-oreophilum",
  "dust-bowl-home",
  "french-alpine-landscape",
  "locomotion-house-cat",
  "nagasaki-boats",
];

/** Three people side by side, each smaller than the one before, one of them mirrored. */
async function composeGroup(): Promise<string> {
  const person = sharp(samplePath("portrait")).extract({
    left: 60,
    top: 0,
    width: 330,
    height: 512,
  });
  const input = (width: number) => person.clone().resize(width).toBuffer();
  const path = join(folder.path, "group.jpg");
  await sharp({ create: { width: 640, height: 400, channels: 3, background: "#9fb2c4" } })
    .composite([
      { input: await input(240), left: 10, top: 28 },
      {
        input: await sharp(await input(200))
          .flop()
          .toBuffer(),
        left: 255,
        top: 90,
      },
      { input: await input(170), left: 465, top: 136 },
    ])
    .jpeg({ quality: 92 })
    .toFile(path);
  return path;
}

describe("nsfw", () => {
  const known = {
    portrait: [0.039, 0.0014, 0.9593, 0.0003, 0.0001],
    coffee: [0.0063, 0.0007, 0.992, 0.0008, 0.0002],
    cat: [0.0024, 0.0011, 0.9335, 0.0556, 0.0074],
    rocket: [0.8513, 0, 0.1487, 0, 0],
  } as const;
  test.each(Object.entries(known))("scores of %s stay what they are", async (name, scores) => {
    const { sight } = await look(samplePath(name as keyof typeof known));
    Object.values(sight.nsfw?.scores ?? {}).forEach((score, at) => {
      expect(Math.abs(score - (scores[at] ?? 1))).toBeLessThan(0.01);
    });
  });

  test.each(historicalNames)("of the photograph %s is none", async (name) => {
    const { sight } = await look(historicalPath(name));
    expect(sight.nsfw?.decision).toBe("pass");
    const { porn, hentai } = sight.nsfw?.scores ?? { porn: 1, hentai: 1 };
    expect(porn + hentai).toBeLessThan(0.2);
  });

  test("nobody looks for it where it is switched off", async () => {
    const off = { ...tools, nsfwThreshold: undefined };
    const blind = { ...off.nets, classify: () => Promise.reject(new Error("asked")) };
    const request = { sourcePath: samplePath("cat"), motion: "medium" } as const;
    const { sight } = await lookAtStill({ ...off, nets: blind }, request, signal);
    expect(sight.nsfw).toBeNull();
  });

  test("what scores too much is blocked before anything else is looked at", async () => {
    const nets = {
      ...tools.nets,
      classify: async () => [0, 0.5, 0, 0.5, 0],
      detectFaces: () => Promise.reject(new Error("looked on")),
    };
    const request = { sourcePath: samplePath("cat"), motion: "medium" } as const;
    await expect(lookAtStill({ ...tools, nets }, request, signal)).rejects.toMatchObject({
      code: "vision_blocked",
      message: "NSFW source",
    });
  });
});

describe("faces", () => {
  test("of a portrait are found, and steer the plan", async () => {
    const { sight, plan } = await look(samplePath("portrait"));
    const [face, person] = sight.subjects;
    expect(face?.kind).toBe("face");
    expect(face?.score).toBeGreaterThanOrEqual(0.75);
    expect(face?.box.left).toBeCloseTo(0.336, 1);
    expect(face?.box.top).toBeCloseTo(0.145, 1);
    expect(person?.kind).toBe("person");
    expect(plan.focal.x).toBeCloseTo(0.44, 1);
    expect(plan.focal.y).toBeCloseTo(0.25, 1);
    expect(plan).toMatchObject({ camera: "parallax", parallax: 0.8 });
    expect(plan.rigid).toHaveLength(1);
    expect(plan.people?.width).toBe(128);
    expect(sight.caption).toBe("a person, warm light");
  });

  test("of a group are all found", async () => {
    const { sight, plan } = await look(await composeGroup());
    expect(sight.subjects.filter(({ kind }) => kind === "face")).toHaveLength(3);
    expect(plan.rigid).toHaveLength(3);
    expect(sight.caption).toStartWith("three people");
  });

  test.each(["coffee", "rocket", "cat"] as const)("are none in %s", async (name) => {
    const { sight, plan } = await look(samplePath(name));
    expect(sight.subjects.filter(({ kind }) => kind !== "object")).toEqual([]);
    expect(plan).not.toHaveProperty("rigid");
    expect(plan).not.toHaveProperty("people");
  });
});

describe("a look", () => {
  test("of a lake sees sky, water and leaves, and lets them live", async () => {
    const { sight, plan } = await look(await pictureFixture("lake").path(), "kinetic");
    for (const label of ["photo", "landscape", "sky", "water", "foliage"]) {
      expect(sight.labels).toContain(label);
    }
    expect(sight.horizon.confidence).toBeGreaterThan(0.4);
    expect(sight.skyFraction).toBeGreaterThan(0.12);
    expect(plan).toMatchObject({
      camera: "parallax",
      effects: ["drift", "light", "dust", "shimmer", "sway"],
    });
  });

  test.each(["screenshot", "chart", "text"])("of a %s moves it as one sheet", async (name) => {
    const { sight, plan } = await look(await pictureFixture(name).path(), "kinetic");
    expect(sight.labels[0]).toBe("graphic");
    expect(sight.depthConfidence).toBe(0);
    expect(Object.keys(plan)).toEqual(["focal", "camera"]);
    expect(plan.camera).toBe("flat");
  });

  test("of colours tells them and names the light", async () => {
    const { sight } = await look(samplePath("coffee"));
    expect(sight.palette).toHaveLength(5);
    expect(sight.labels).toContain("warm");
    const grey = await look(await pictureFixture("greyscale").path());
    expect(grey.sight.labels).toContain("monochrome");
  });

  test("uses the depth model for photographs alone", async () => {
    const map = { width: 1, height: 1, bytes: "/w==" };
    const estimated: number[] = [];
    const depthNet = async () => ({
      estimate: async ({ width }: { readonly width: number }) => {
        estimated.push(width);
        return map;
      },
      tryOut: async () => {},
    });
    const seen = async (sourcePath: string) =>
      lookAtStill({ ...tools, depthNet }, { sourcePath, motion: "medium" }, signal);
    const photo = await seen(samplePath("cat"));
    expect(photo.plan).toMatchObject({ camera: "parallax", depth: map });
    expect(photo.sight.depthConfidence).toBe(1);
    const chart = await seen(await pictureFixture("chart").path());
    expect(chart.plan).not.toHaveProperty("depth");
    expect(estimated).toHaveLength(1);
  });

  test("ends when it is told to", async () => {
    const request = { sourcePath: samplePath("cat"), motion: "medium" } as const;
    await expect(lookAtStill(tools, request, AbortSignal.abort())).rejects.toMatchObject({
      code: "cancelled",
    });
  });
});
