import { afterEach, expect, test } from "bun:test";
import { createEta } from "../../src/pipeline/eta.ts";
import { createFakeMotion, createFakeVision } from "../fakes/providers.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { openTestPipeline, type TestPipeline } from "../support/pipeline.ts";

let pipeline: TestPipeline | undefined;
afterEach(() => pipeline?.close());

test("the estimate is the provider's, shrinks with time and is never under a second", async () => {
  const motion = { ...createFakeMotion({ clipPath: "unused" }), etaMs: () => 28_000 };
  pipeline = await openTestPipeline({ vision: createFakeVision(), motion: [motion] });
  await pipeline.runner.drain(0);
  const view = await pipeline.ensure();
  const clock = createManualClock(view.newest.created_at);
  const eta = createEta(clock, [motion]);
  expect(eta(view)).toBe(28_000);
  clock.advance(20_000);
  expect(eta(view)).toBe(8_000);
  clock.advance(60_000);
  expect(eta(view)).toBe(1_000);
});

test("the provider that began the work is the one whose estimate counts", async () => {
  const named = (name: string, ms: number) => ({
    ...createFakeMotion({ clipPath: "unused" }),
    name,
    etaMs: () => ms,
  });
  pipeline = await openTestPipeline({
    vision: createFakeVision(),
    motion: [named("first", 5000)],
  });
  await pipeline.runner.drain(0);
  const view = await pipeline.ensure();
  const eta = createEta({ now: () => view.newest.created_at }, [
    named("first", 5000),
    named("second", 9000),
  ]);
  expect(eta(view)).toBe(5000);
  expect(eta({ ...view, newest: { ...view.newest, provider: "second" } })).toBe(9000);
});
