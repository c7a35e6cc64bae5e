import { describe, expect, test } from "bun:test";
import { avChildArguments } from "../../../src/media/ffmpeg/av.ts";

/** What the child says and how it ends when it is given `input`. */
async function runChild(input: string) {
  const child = Bun.spawn([...avChildArguments()], {
    stdin: new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
    timeout: 10_000,
    killSignal: "SIGKILL",
  });
  const [output, complaint] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { exitCode: await child.exited, output, complaint };
}

describe("the child process around the library", () => {
  test("runs from source as the file that it is", () => {
    expect(avChildArguments()[0]).toBe(process.execPath);
    expect(avChildArguments()[1]).toEndWith("av-child.ts");
  });

  test.each([
    ["no task", "", /no task was given/],
    ["half a task", '{"kind":"run"', /no task was given/],
    ["a task that is no JSON", "run!\n", /JSON/],
    ["a task without end", "x".repeat(70_000), /the task is too long/],
  ])("given %s it ends with one line that says so", async (_, input, complaint) => {
    const answer = await runChild(input);
    expect(answer).toMatchObject({ exitCode: 1, output: "" });
    expect(answer.complaint).toMatch(complaint);
    expect(answer.complaint.trimEnd()).not.toContain("\n");
  });
});
