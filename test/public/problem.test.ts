import { describe, expect, test } from "bun:test";
import {
  FileError,
  GenerationError,
  problemOf,
  RequestError,
  signInProblem,
} from "../../public/problem.ts";

describe("a refused request", () => {
  test.each([
    [0, "no answer", /did not answer/, "same"],
    [400, "dur must be 2 to 8", /dur must be 2 to 8/, "same"],
    [401, "", /Reload the page/, "none"],
    [413, "file exceeds 10 MB limit", /10 MB/, "none"],
    [415, "unsupported type: image/gif", /image\/gif/, "none"],
    [429, "monthly limit reached", /monthly limit reached/, "same"],
    [500, "internal error", /Try again/, "same"],
    [502, "last generation failed", /another take/, "new-seed"],
  ] as const)("with status %d is told with what to do", (status, text, pattern, remedy) => {
    const problem = problemOf(new RequestError(status, text));
    expect(problem.text).toMatch(pattern);
    expect(problem.remedy).toBe(remedy);
  });

  test("names the request when the server is at fault, so that its log can be searched", () => {
    expect(problemOf(new RequestError(500, "", "req_1a2b3c4d")).text).toContain("req_1a2b3c4d");
  });
});

describe("a failed generation", () => {
  test.each([
    ["vision_blocked", "none"],
    ["vision_timeout", "new-seed"],
    ["source_unfetchable", "none"],
    ["source_too_large", "none"],
    ["source_unsupported", "none"],
    ["i2v_failed", "new-seed"],
    ["i2v_timeout", "new-seed"],
    ["merge_failed", "new-seed"],
    ["r2_write_failed", "new-seed"],
    ["quota_exceeded", "new-seed"],
    ["pipeline_stalled", "new-seed"],
    ["cancelled", "new-seed"],
    ["a code of a later version", "new-seed"],
  ] as const)("with %p has a sentence and a remedy", (code, remedy) => {
    const problem = problemOf(new GenerationError(code, "what happened"));
    expect(problem.text).toMatch(/^[A-Z].*\(The server says: what happened\.\)$/);
    expect(problem.remedy).toBe(remedy);
  });
});

test("a refused file speaks for itself", () => {
  expect(problemOf(new FileError("Too large.")).text).toBe("Too large.");
});

test("an error of the page itself never shows its own text", () => {
  expect(problemOf(new TypeError("x is not a function")).text).not.toContain("x is not");
});

test.each(["access_denied", "account_not_linked", "signup_disabled", "state_mismatch", "<b>"])(
  "who comes back with %p is told in words of the page, and not in those of the address",
  (error) => {
    const { text, remedy } = signInProblem(error);
    expect(text).toMatch(/^[A-Z][^<_]*\.$/);
    expect(remedy).toBe("none");
  },
);
