import { expect, test } from "bun:test";
import { once } from "../../src/db/once.ts";

test("work is done once, and every call gets its outcome", async () => {
  let done = 0;
  const close = once(async () => {
    done += 1;
    if (done === 1) throw new Error("on purpose");
  });
  await expect(close()).rejects.toThrow("on purpose");
  await expect(close()).rejects.toThrow("on purpose");
  expect(done).toBe(1);
});
