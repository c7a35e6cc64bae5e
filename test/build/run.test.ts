import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");
const folder = mkdtempSync(join(tmpdir(), "run-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("npm test", () => {
  test("ends with one plain line of counts, and with the exit code of the tests", async () => {
    const mixed = file(
      "mixed",
      `test("a", () => {}); test.skip("b", () => {}); test.todo("c");
       test("d", () => { throw new Error("no"); });`,
    );
    expect(await runTests(mixed)).toEqual({ code: 1, last: "1 passed, 1 failed, 2 skipped" });
    const good = file("good", `test("a", () => {}); test("b", () => {});`);
    expect(await runTests(good)).toEqual({ code: 0, last: "2 passed, 0 failed, 0 skipped" });
  });

  test("counts the last summary where a test prints another, through colours", async () => {
    const noisy = file("noisy", `test("a", () => { console.log(" 7 pass\\n 7 fail"); });`);
    const expected = { code: 0, last: "1 passed, 0 failed, 0 skipped" };
    expect(await runTests(noisy, { FORCE_COLOR: "1" })).toEqual(expected);
  });

  test("counts a file that does not load, and a run without any test, as a failure", async () => {
    const broken = file("broken", `throw new Error("does not load");`);
    expect(await runTests(broken)).toEqual({ code: 1, last: "0 passed, 1 failed, 0 skipped" });
    const nowhere = join(folder, "nowhere.test.ts");
    expect(await runTests(nowhere)).toEqual({ code: 1, last: "0 passed, 1 failed, 0 skipped" });
  });
});

describe("npm run", () => {
  test("passes a signal on, and ends as the child did", async () => {
    const hanging = file(
      "hanging",
      `test("a", async () => { console.log("running"); await new Promise(() => {}); }, 60_000);`,
    );
    const child = spawn(["test", hanging]);
    for await (const chunk of child.stdout) {
      if (new TextDecoder().decode(chunk).includes("running")) break;
    }
    child.kill("SIGTERM");
    expect(await child.exited).toBe(143);
  });

  test("ends what it runs when the shell between it and npm is gone", async () => {
    const waiting = file(
      "waiting",
      `test("a", async () => {
        console.log("pid", process.pid);
        await new Promise(() => {});
      }, 60_000);`,
    );
    const script = `"node" "${join(root, "build/run.mjs")}" test "${waiting}"; exit`;
    const shell = Bun.spawn(["sh", "-c", script], {
      env: { PATH: process.env["PATH"], HOME: folder },
      stdout: "pipe",
      stderr: "pipe",
    });
    let output = "";
    for await (const chunk of shell.stdout) {
      output += new TextDecoder().decode(chunk);
      if (/pid \d+/.test(output)) shell.kill("SIGTERM");
    }
    // The end of the output is the end of all that held it open.
    expect(output).toMatch(/0 passed, 1 failed, 0 skipped\n$/);
  });

  test("names its scripts when it is asked for another", async () => {
    const child = spawn(["fly"]);
    expect(await child.exited).toBe(2);
    expect(await new Response(child.stderr).text()).toContain("start|motioness|test|lint|check");
  });
});

function file(name: string, text: string): string {
  const path = join(folder, `${name}.test.ts`);
  writeFileSync(path, `import { test } from "bun:test";\n${text}\n`);
  return path;
}

async function runTests(path: string, env: Record<string, string> = {}) {
  const child = spawn(["test", path], env);
  const [output, code] = await Promise.all([new Response(child.stdout).text(), child.exited]);
  return { code, last: output.trimEnd().split("\n").at(-1) };
}

function spawn(args: readonly string[], env: Record<string, string> = {}) {
  return Bun.spawn(["node", join(root, "build/run.mjs"), ...args], {
    env: { PATH: process.env["PATH"], HOME: folder, ...env },
    stdout: "pipe",
    stderr: "pipe",
  });
}
