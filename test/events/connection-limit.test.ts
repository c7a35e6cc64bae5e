import { expect, test } from "bun:test";
import { createConnectionLimit } from "../../src/events/connection-limit.ts";

test("counts by address and in all [E22]", () => {
  const limit = createConnectionLimit({ totalMax: 3, perAddressMax: 2 });
  limit.enter("a");
  limit.enter("a");
  expect(() => limit.enter("a")).toThrow("from this address");
  limit.enter("b");
  expect(() => limit.enter("c")).toThrow("too many open streams");
  limit.leave("a");
  expect(limit.total).toBe(2);
  limit.enter("a");
  expect(() => limit.enter("a")).toThrow(expect.objectContaining({ status: 503 }));
});
