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
import { run } from "../support/run-program.ts";

const root = join(import.meta.dir, "../..");
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
    expect(stdout).toMatch(/cat\.mp4 {2}128×86, 60 frames at 30\/s, \d+ kB, seam \d\.\d\d, in /);
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
    const { seam } = JSON.parse(stdout);
    expect(Object.keys(seam)).toEqual(["sr", "ar", "delta", "luma_step"]);
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
    ["src", "a.mp4", "src is no file: expected one picture"],
    ["assets/samples/cat.jpg", "a.gif", "must end in .mp4"],
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
