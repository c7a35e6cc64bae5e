import { describe, expect, test } from "bun:test";
import { hearSignals } from "../../../src/cli/serve/stop-signals.ts";

describe("stop signals", () => {
  test("the first one asks", async () => {
    const { stop, send } = open();
    send("SIGTERM", 0);
    expect(await stop.asked).toBe("SIGTERM");
    expect(Bun.peek.status(stop.insisted)).toBe("pending");
  });

  test("those of the same moment are one Ctrl-C, and a later one insists", async () => {
    const { stop, send } = open();
    send("SIGINT", 1000);
    send("SIGINT", 1002);
    send("SIGINT", 1499);
    await stop.asked;
    expect(Bun.peek.status(stop.insisted)).toBe("pending");
    send("SIGINT", 1500);
    expect(await stop.insisted).toBeUndefined();
  });

  test("nothing is heard any more once it is forgotten", () => {
    const { stop, send } = open();
    stop.forget();
    send("SIGINT", 0);
    expect(Bun.peek.status(stop.asked)).toBe("pending");
  });
});

function open() {
  let now = 0;
  const listeners = new Set<(signal: "SIGINT" | "SIGTERM") => void>();
  const stop = hearSignals({
    now: () => now,
    onSignal: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  const send = (signal: "SIGINT" | "SIGTERM", at: number) => {
    now = at;
    for (const listener of listeners) listener(signal);
  };
  return { stop, send };
}
