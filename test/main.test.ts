import { expect, test } from "bun:test";
import { join } from "node:path";

const main = join(import.meta.dir, "../src/main.ts");

test("the program hands its arguments in and its exit code out", () => {
  const run = (...args: readonly string[]) => {
    const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, main, ...args], {
      env: { PATH: process.env["PATH"] },
    });
    return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
  };
  const version = run("--version", "--json");
  expect(version.exitCode).toBe(0);
  expect(JSON.parse(version.stdout)).toMatchObject({ commit: "from source", bun: Bun.version });
  expect(run("fly")).toMatchObject({ exitCode: 2, stdout: "" });
});
