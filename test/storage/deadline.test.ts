import { describe, expect, test } from "bun:test";
import { withDeadline } from "../../src/storage/deadline.ts";

describe("a deadline", () => {
  test("lets through what comes in time, and what fails in time", async () => {
    expect(await withDeadline(5000, async () => 7)).toBe(7);
    const failing = withDeadline(5000, () => Promise.reject(new Error("refused")));
    await expect(failing).rejects.toThrow("refused");
  });

  test("fails what does not come", async () => {
    const silent = withDeadline(10, () => new Promise<never>(() => {}));
    await expect(silent).rejects.toThrow("no progress within 10 ms");
  });
});
