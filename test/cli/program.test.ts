import { describe, expect, test } from "bun:test";
import { settings } from "../../src/config/settings.ts";
import { run } from "../support/run-program.ts";

describe("motioness", () => {
  test("--help names each command, the exit codes and examples", async () => {
    const { code, stdout } = await run(["--help"]);
    expect(code).toBe(0);
    for (const name of ["serve", "animate", "sign", "health", "version"]) {
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, "m"));
    }
    expect(stdout).toContain("Exit codes:");
    expect(stdout).toContain("motioness animate photo.jpg -o photo.mp4");
    expect(stdout).not.toContain("__av");
  });

  test("serve --help shows every setting, its default and its variable, in groups", async () => {
    const { stdout } = await run(["serve", "--help"]);
    for (const { name } of Object.values(settings)) expect(stdout).toContain(name);
    expect(stdout).toContain("--listen <value>");
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("default: 127.0.0.1:8477; MOTIONESS_LISTEN");
    for (const group of ["Server:", "Access:", "Data:", "Clips:", "Operation:"]) {
      expect(stdout).toContain(group);
    }
    expect(stdout).not.toContain("--secret");
  });

  test("help fits a terminal of 100 columns and leaves no line hanging", async () => {
    for (const args of [
      ["--help"],
      ["serve", "--help"],
      ["animate", "--help"],
      ["sign", "--help"],
    ]) {
      const lines = (await run(args)).stdout.split("\n");
      expect(lines.filter((line) => line.length > 100)).toEqual([]);
      expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
    }
  });

  test.each([
    [["anmate", "a.jpg"], "Did you mean animate?"],
    [["--lisen", "127.0.0.1:0"], "Did you mean --listen?"],
    [["animate"], "missing required argument 'picture'"],
    [["animate", "a.jpg", "--mode", "spin"], "Allowed choices are loop, animate-in"],
    [["animate", "a.jpg", "--dur", "12"], "Expected a whole number from 2 to 8"],
    [["animate", "a.jpg", "b.jpg"], "there is no file a.jpg"],
    [["animate", "a.jpg", "--format", "mp4,mov"], "list of mp4 or av1 or webp or avif or gif"],
    [["animate", "a.jpg", "--jobs", "0"], "Expected a whole number from 1 to 16"],
    [["version", "now"], "too many arguments"],
  ])("%j is wrong usage, and says what was meant", async (args, why) => {
    const result = await run(args);
    expect([result.code, result.stdout]).toEqual([2, ""]);
    expect(result.stderr).toContain(why);
  });

  test("version --notices prints whose all is that it carries, with the licences", async () => {
    const { code, stdout } = await run(["version", "--notices"]);
    expect(code).toBe(0);
    for (const text of [
      ...["`nsfwjs` 4.4.0", "`sharp` ", "`better-auth` ", "Apache License", "## MIT"],
      ...["GNU GENERAL PUBLIC LICENSE", "GNU LESSER GENERAL PUBLIC LICENSE"],
    ]) {
      expect(stdout).toContain(text);
    }
  });

  test("settings that do not hold end every command that needs them with 4", async () => {
    const result = await run(["health"], { env: { MOTIONESS_LISTEN: "nowhere" } });
    expect(result.code).toBe(4);
    expect(result.stderr).toContain('MOTIONESS_LISTEN: got "nowhere", expected host:port');
  });
});
