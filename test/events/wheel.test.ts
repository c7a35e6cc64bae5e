import { describe, expect, test } from "bun:test";
import { openWheel } from "../../src/events/wheel.ts";
import { createManualClock } from "../support/manual-clock.ts";

const periodMs = 15_000;

describe("the wheel", () => {
  test("every member beats once a period, spread over it", () => {
    const clock = createManualClock();
    const beats: number[] = Array(1500).fill(0);
    const atMs = new Map<number, number>();
    const beat = (member: number) => {
      beats[member] = (beats[member] ?? 0) + 1;
      atMs.set(clock.elapsed(), (atMs.get(clock.elapsed()) ?? 0) + 1);
    };
    const wheel = openWheel({ clock, periodMs, slots: 150, beat });
    for (const member of beats.keys()) wheel.add(member);
    clock.advance(periodMs);
    expect(beats.every((count) => count === 1)).toBe(true);
    expect(Math.max(...atMs.values())).toBe(10);
    clock.advance(3 * periodMs);
    expect(beats.every((count) => count === 4)).toBe(true);
    wheel.close();
  });

  test("it takes one timer, and none while it is empty", () => {
    const clock = createManualClock();
    const wheel = openWheel({ clock, periodMs, slots: 150, beat: () => {} });
    expect(clock.pending).toBe(0);
    const slots = [1, 2, 3].map((member) => wheel.add(member));
    expect(clock.pending).toBe(1);
    for (const [index, slot] of slots.entries()) wheel.remove(slot, index + 1);
    wheel.remove(slots[0] ?? 0, 1);
    clock.advance(200);
    expect(clock.pending).toBe(0);
    wheel.add(4);
    expect(clock.pending).toBe(1);
    wheel.close();
    expect(clock.pending).toBe(0);
  });

  test("a member may leave in its own beat", () => {
    const clock = createManualClock();
    let beats = 0;
    let slot = 0;
    const wheel = openWheel({
      clock,
      periodMs,
      slots: 150,
      beat(member: string) {
        beats += 1;
        wheel.remove(slot, member);
      },
    });
    slot = wheel.add("only");
    clock.advance(3 * periodMs);
    expect(beats).toBe(1);
  });

  test("a loop that was held up makes good at most one turn", () => {
    let elapsedMs = 0;
    let beats = 0;
    const tasks: (() => void)[] = [];
    const clock = {
      now: () => 0,
      elapsed: () => elapsedMs,
      offsetMs: () => 0,
      schedule(_delayMs: number, task: () => void) {
        tasks.push(task);
        return () => {};
      },
    };
    const beat = () => {
      beats += 1;
    };
    openWheel({ clock, periodMs, slots: 150, beat }).add("only");
    elapsedMs = 10 * periodMs;
    tasks.shift()?.();
    expect(beats).toBe(1);
  });
});
