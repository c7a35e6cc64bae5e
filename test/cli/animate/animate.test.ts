import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { isSeamlessFile } from "../../../src/loop/seam.ts";
import { run } from "../../support/run-program.ts";

const root = join(import.meta.dir, "../../..");
const quick = ["--dur", "2", "--size", "128"];
let folder = "";
const path = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "animate-"));
  cpSync(join(root, "assets/samples/cat.jpg"), path("cat.jpg"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const animate = (...args: readonly string[]) =>
  run(["animate", path("cat.jpg"), ...quick, ...args]);
const hash = async (name: string) => Bun.hash(await Bun.file(path(name)).bytes());

describe("motioness animate", () => {
  test("makes the clip, says what it is, and shows progress on stderr", async () => {
    const { code, stdout, stderr } = await animate("-o", path("cat.mp4"));
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /cat\.mp4 {2}128×86, 60 frames at 30\/s, \d+ kB, seam (good|visible) \(\d\.\d % unlike, \d\.\d of a frame step\), in /,
    );
    expect(stderr).toContain("cat.jpg 100 % (60/60 frames)");
    expect(readdirSync(folder).sort()).toEqual(["cat.jpg", "cat.mp4"]);
  });

  test("tells the same as JSON", async () => {
    const { stdout } = await animate("-o", path("cat.mp4"), "--json", "--mode", "animate-in");
    expect(JSON.parse(stdout)).toMatchObject({
      output: path("cat.mp4"),
      bytes: Bun.file(path("cat.mp4")).size,
      width: 128,
      height: 86,
      fps: 30,
      frames: 60,
      duration_ms: 2000,
      seed: 1,
      seam: null,
    });
  });

  test("tells the seam of a loop by the names that the server has for it", async () => {
    const { stdout } = await animate("-o", path("cat.mp4"), "--json");
    const { seam, seam_verdict, plan, prompt, caption, input } = JSON.parse(stdout);
    expect(Object.keys(seam)).toEqual(["sr", "ar", "delta", "luma_step"]);
    const figures = { ...seam, lumaStep: seam.luma_step };
    expect(seam_verdict).toBe(isSeamlessFile(figures) ? "good" : "visible");
    expect([typeof prompt, typeof caption, input]).toEqual(["string", "string", path("cat.jpg")]);
    expect(plan.focal).toEqual({ x: expect.any(Number), y: expect.any(Number) });
  });

  test("makes the same bytes of the same options, and others of another seed", async () => {
    await animate("-o", path("one.mp4"));
    await animate("-o", path("two.mp4"));
    await animate("-o", path("other.mp4"), "--seed", "2");
    expect(await hash("two.mp4")).toBe(await hash("one.mp4"));
    expect(await hash("other.mp4")).not.toBe(await hash("one.mp4"));
  });

  test("replaces an output only when it is told to", async () => {
    writeFileSync(path("cat.mp4"), "mine");
    const refused = await animate("-o", path("cat.mp4"));
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("is there already: give another -o, or --force to replace it");
    expect(await Bun.file(path("cat.mp4")).text()).toBe("mine");
    expect((await animate("-o", path("cat.mp4"), "--force")).code).toBe(0);
    expect(Bun.file(path("cat.mp4")).size).toBeGreaterThan(1000);
  });

  test.each([
    ["https://acme.com/a.jpg", "a.mp4", "animate takes a file, not a URL"],
    ["missing.jpg", "a.mp4", "there is no file missing.jpg"],
    ["src", "a.mp4", "src has no picture: expected files that end in png, jpg, webp, jpeg"],
    ["src/*.ts", "a.mp4", "src/*.ts has no picture"],
    ["assets/samples/cat.jpg", "a.mov", "must end in .mp4, .webp, .avif or .gif"],
    ["assets/samples/cat.jpg", "no/such/a.mp4", "there is no folder"],
    ["assets/samples/cat.jpg", "folder.mp4", "is a folder"],
  ])("refuses %s to %s as wrong usage", async (picture, output, why) => {
    mkdirSync(path("folder.mp4"));
    const result = await run(["animate", picture, "-o", path(output)]);
    expect([result.code, result.stdout]).toEqual([2, ""]);
    expect(result.stderr).toContain(why);
  });

  test("ends with 5 for what is no picture, and leaves nothing behind", async () => {
    writeFileSync(path("text.jpg"), "no picture at all");
    const result = await run(["animate", path("text.jpg"), "-o", path("text.mp4")]);
    expect(result.code).toBe(5);
    expect(result.stderr).toMatch(/^error: /);
    expect(existsSync(path("text.mp4"))).toBe(false);
  });

  test("makes other forms, named by their endings", async () => {
    const both = await animate("-o", path("cat.mp4"), "--format", "mp4,webp", "--json");
    expect(both.stderr).not.toContain("error");
    const formats = both.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(formats).toMatchObject([
      { format: "mp4", output: path("cat.mp4"), frames: 60 },
      { format: "webp", output: path("cat.webp"), width: 128, frames: null },
    ]);
    expect((await sharp(path("cat.webp")).metadata()).pages).toBe(30);
    expect((await animate("-o", path("only.gif"))).code).toBe(0);
    expect((await sharp(path("only.gif")).metadata()).format).toBe("gif");
    const wrong = await animate("-o", path("cat.webp"), "--format", "gif", "--force");
    expect(wrong.stderr).toContain("must end in .gif for --format gif");
  });

  test("draws a sheet of the still, frames, depth and the seam", async () => {
    const { code, stdout } = await animate("-o", path("cat.mp4"), "--compare");
    expect([code, stdout]).toEqual([0, expect.stringContaining(path("cat.compare.png"))]);
    const sheet = await sharp(path("cat.compare.png")).metadata();
    expect([sheet.width, sheet.height]).toEqual([4 * (128 + 8) + 8, 2 * (86 + 8) + 8]);
  });

  test("stops on Ctrl-C with 130, and leaves nothing behind", async () => {
    const child = Bun.spawn(
      [process.execPath, "src/main.ts", "animate", path("cat.jpg"), "-o", path("cat.mp4")],
      {
        cwd: root,
        env: { PATH: process.env["PATH"], TMPDIR: path("") },
        stdout: "pipe",
        stderr: "pipe",
      },
    );
    let stderr = "";
    for await (const chunk of child.stderr) {
      stderr += new TextDecoder().decode(chunk);
      if (stderr.includes("25 %")) child.kill("SIGINT");
    }
    expect(await child.exited).toBe(130);
    expect(stderr).toContain("interrupted: no clip was written");
    expect(readdirSync(folder)).toEqual(["cat.jpg"]);
  });
});

describe("motioness animate with many pictures", () => {
  const many = (...args: readonly string[]) => run(["animate", ...args, ...quick]);
  beforeEach(() => {
    mkdirSync(path("in"));
    for (const name of ["one.jpg", "two.JPG"]) cpSync(path("cat.jpg"), path(`in/${name}`));
    writeFileSync(path("in/notes.txt"), "no picture, and not meant");
  });

  test("makes a clip beside each picture of a folder, and tells of all", async () => {
    const { code, stdout, stderr } = await many(path("in"), "--jobs", "2");
    expect(code).toBe(0);
    const names = stdout
      .trim()
      .split("\n")
      .map((line) => line.split("  ")[0]);
    expect(names.sort()).toEqual([path("in/one.mp4"), path("in/two.mp4")]);
    expect(stderr).toContain("2 pictures 100 % (120/120 frames)");
    const again = await many(path("in"));
    expect([again.code, again.stdout]).toEqual([0, ""]);
    expect(again.stderr).toContain("one.jpg: skipped, its clip is there already (--force");
  });

  test("goes on after a bad picture, and ends with 5", async () => {
    writeFileSync(path("in/bad.png"), "no picture at all");
    const { code, stdout, stderr } = await many(path("in/*"), "-o", path("out/"), "--json");
    expect(code).toBe(5);
    expect(stderr).toContain("1 of 3 pictures could not be animated");
    const results = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(results).toMatchObject([
      { input: path("in/bad.png"), error: { code: "source_unsupported" } },
      { output: path("out/one.mp4") },
      { output: path("out/two.mp4") },
    ]);
    expect(readdirSync(path("out")).sort()).toEqual(["one.mp4", "two.mp4"]);
  });

  test("tells pictures apart that differ in their ending or their folder", async () => {
    cpSync(path("cat.jpg"), path("in/one.png"));
    const both = [path("in/one.jpg"), path("in/one.png")];
    expect((await many(...both, "-o", path("out"))).code).toBe(0);
    expect(readdirSync(path("out")).sort()).toEqual(["one.jpg.mp4", "one.png.mp4"]);
    cpSync(path("cat.jpg"), path("one.jpg"));
    const same = await many(path("in/one.jpg"), path("one.jpg"), "-o", path("other"));
    expect([same.code, same.stdout]).toEqual([2, ""]);
    expect(same.stderr).toContain("would both become");
  });

  test("needs a folder to put them in", async () => {
    const { code, stderr } = await many(path("in"), "-o", path("cat.jpg"));
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("is a file: several pictures need"),
    ]);
    const lost = await many(path("in"), "-o", path("no/such/out"));
    expect(lost.stderr).toContain("there is no folder");
  });
});
