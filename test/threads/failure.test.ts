import { expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import { errorOf, failureOf } from "../../src/threads/failure.ts";

test("an error arrives in another thread as it was, and its cause as text for the log", () => {
  const cause = new RangeError("out of bounds");
  const failure = failureOf(new AppError("i2v_failed", "no clip", { cause, retry: true }));
  expect(structuredClone(failure)).toEqual(failure);
  const error = errorOf(failure);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: "i2v_failed", message: "no clip", retry: true });
  expect(error.cause).toContain("RangeError: out of bounds");
  // Where it was thrown.
  expect(error.cause).toContain("failure.test.ts");
});

test("a cause that is no error is told, and none is none", () => {
  expect(failureOf(new AppError("cancelled", "no", { cause: 7 })).cause).toBe("7");
  expect(errorOf(failureOf(new AppError("cancelled", "no"))).cause).toBeUndefined();
});
