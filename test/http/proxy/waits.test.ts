import { describe, expect, test } from "bun:test";
import type { Topic } from "../../../src/db/store.ts";
import { openWaits } from "../../../src/http/proxy/waits.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { settle } from "../../support/until.ts";

function open() {
  const listeners = new Set<(topic: Topic | undefined) => void>();
  const clock = createManualClock();
  const waits = openWaits({
    clock,
    store: {
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  });
  const emit = (topic: Topic | undefined) => {
    for (const listener of listeners) listener(topic);
  };
  const client = new AbortController();
  let seen = 0;
  let looks = 0;
  const wait = (timeoutMs: number) =>
    waits.until({
      topic: "asset:a",
      timeoutMs,
      signal: client.signal,
      look: async () => {
        looks += 1;
        return seen;
      },
      isDone: (value) => value > 0,
    });
  return {
    clock,
    emit,
    client,
    wait,
    waits,
    listeners,
    become: (value: number) => (seen = value),
    looks: () => looks,
  };
}

describe("a wait", () => {
  test("ends at the wake-up that brings what it waits for", async () => {
    const { wait, emit, become, looks, clock } = open();
    const waiting = wait(10_000);
    await settle();
    emit("asset:b");
    emit("asset:a");
    await settle();
    expect(looks()).toBe(2);
    become(7);
    emit("asset:a");
    expect(await waiting).toBe(7);
    expect(clock.pending).toBe(0);
  });

  test("looks again when wake-ups may have been lost", async () => {
    const { wait, emit, become } = open();
    const waiting = wait(10_000);
    await settle();
    become(7);
    emit(undefined);
    expect(await waiting).toBe(7);
  });

  test("hears a wake-up that comes while it looks", async () => {
    const { wait, emit, become } = open();
    const waiting = wait(10_000);
    become(0);
    queueMicrotask(() => {
      become(7);
      emit("asset:a");
    });
    expect(await waiting).toBe(7);
  });

  test("ends when its time is over, after one more look", async () => {
    const { wait, clock, looks } = open();
    const waiting = wait(10_000);
    await settle();
    clock.advance(9_999);
    await settle();
    expect(looks()).toBe(1);
    clock.advance(1);
    expect(await waiting).toBe(0);
    expect([looks(), clock.pending]).toEqual([2, 0]);
  });

  test("ends when the client has gone", async () => {
    const { wait, client, clock } = open();
    const waiting = wait(10_000);
    await settle();
    client.abort();
    expect(await waiting).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test("of no time is one look", async () => {
    const { wait, clock, looks } = open();
    expect(await wait(0)).toBe(0);
    expect([looks(), clock.pending]).toEqual([1, 0]);
  });

  test("finds no room beyond a thousand, and is answered with what is there", async () => {
    const { wait, clock } = open();
    const many = Array.from({ length: 1000 }, () => wait(10_000));
    expect(await wait(10_000)).toBe(0);
    await settle();
    clock.advance(10_000);
    expect(await Promise.all(many)).toEqual(many.map(() => 0));
    expect(clock.pending).toBe(0);
  });
});

test("closed waits listen to nothing", () => {
  const { waits, listeners } = open();
  waits.close();
  expect(listeners.size).toBe(0);
});
