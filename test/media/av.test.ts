import { describe, expect, test } from "bun:test";
import { examineLibrary } from "../../src/media/av.ts";
import { mediaContract } from "../contracts/media.ts";

const found = await examineLibrary();
const suite = "the ffmpeg library in a child process";

if ("kind" in found) describe(suite, () => mediaContract(found));
else test.skip(`${suite}: none that can be used, ${found.problem}`, () => {});

describe("examining the library", () => {
  test.each([
    [
      "a child that says why not",
      ["sh", "-c", "echo no such package >&2; exit 1"],
      "no such package",
    ],
    ["a child that crashes", ["sh", "-c", "kill -SEGV $$"], "it ended with SIGSEGV"],
    ["a child that is not there", ["/no/such/program"], "ENOENT"],
    ["a child that talks nonsense", ["sh", "-c", "echo hello"], "JSON"],
  ])("%s is a problem, and no exception", async (_, argv, problem) => {
    const answer = await examineLibrary(argv);
    expect(answer).toMatchObject({ problem: expect.stringContaining(problem) });
  });
});
