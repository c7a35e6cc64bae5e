import { expect, test } from "bun:test";
import { createLimiter } from "../../../src/http/access/limiter.ts";
import { createManualClock } from "../../support/manual-clock.ts";

test("so many are let through in a minute, and then none until it is over", () => {
  const clock = createManualClock();
  const limiter = createLimiter(clock, { max: 2 });
  limiter.count("a");
  clock.advance(59_000);
  limiter.check("a");
  limiter.count("a");
  expect(() => limiter.count("a")).toThrow(
    expect.objectContaining({ code: "rate_limited", retryAfterMs: 1000 }),
  );
  expect(() => limiter.check("a")).toThrow("rate limited");
  limiter.count("b");
  clock.advance(1000);
  limiter.count("a");
});

test("a check counts nothing", () => {
  const limiter = createLimiter(createManualClock(), { max: 1 });
  for (let checks = 0; checks < 9; checks += 1) limiter.check("a");
  limiter.count("a");
});

test("no more keys are remembered than there is room for: the oldest is forgotten", () => {
  const limiter = createLimiter(createManualClock(), { max: 1, keysMax: 2 });
  for (const key of ["a", "b", "c"]) limiter.count(key);
  limiter.count("a");
  expect(() => limiter.count("c")).toThrow("rate limited");
});

test("the wall clock has no say", () => {
  const clock = createManualClock();
  const limiter = createLimiter(clock, { max: 1 });
  limiter.count("a");
  clock.step(3_600_000);
  expect(() => limiter.count("a")).toThrow("rate limited");
});
