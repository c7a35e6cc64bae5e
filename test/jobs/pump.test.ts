import { describe, expect, test } from "bun:test";
import { createPump } from "../../src/jobs/pump.ts";

describe("a pump", () => {
  test("works once for any number of calls meanwhile, and never twice at once", async () => {
    const gates: PromiseWithResolvers<void>[] = [];
    const pump = createPump(() => {
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      return gate.promise;
    });
    pump.wake();
    for (let call = 0; call < 5; call++) pump.wake();
    expect(gates.length).toBe(1);
    gates[0]?.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(gates.length).toBe(2);
    gates[1]?.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(gates.length).toBe(2);
    pump.wake();
    expect(gates.length).toBe(3);
  });

  test("stopping waits for the work under way, and begins no more", async () => {
    const gate = Promise.withResolvers<void>();
    let works = 0;
    const pump = createPump(() => {
      works += 1;
      return gate.promise;
    });
    pump.wake();
    pump.wake();
    let isDone = false;
    const stopped = pump.stop().then(() => {
      isDone = true;
    });
    expect([pump.isStopped, isDone]).toEqual([true, false]);
    gate.resolve();
    await stopped;
    pump.wake();
    expect(works).toBe(1);
  });
});
