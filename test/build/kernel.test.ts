import { expect, test } from "bun:test";
import { compileKernel, kernelPath } from "../../build/kernel.ts";

test("the committed kernel is what its sources compile to, byte for byte", async () => {
  const committed = await Bun.file(kernelPath).bytes();
  const compiled = await compileKernel();
  expect(Buffer.from(compiled).equals(Buffer.from(committed))).toBe(true);
}, 60_000);
