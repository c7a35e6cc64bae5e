import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import { createSlots } from "../../src/threads/slots.ts";

const never = new AbortController().signal;

const open = (slotsMax: number, waitingMax: number) =>
  createSlots({
    slotsMax,
    waitingMax,
    waitersName: "renders",
    cancelled: (cause) => new AppError("cancelled", "no longer wanted", { cause }),
  });

/** Whether a promise is settled once everything that was due has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe("slots", () => {
  test("let so many through at once, and the others in order", async () => {
    const slots = open(2, 10);
    const order: string[] = [];
    const first = await slots.take(never);
    const second = await slots.take(never);
    const takeAs = async (name: string) => {
      const release = await slots.take(never);
      order.push(name);
      return release;
    };
    const third = takeAs("third");
    const fourth = takeAs("fourth");
    expect(await isSettled(third)).toBe(false);
    second();
    (await third)();
    (await fourth)();
    first();
    expect(order).toEqual(["third", "fourth"]);
    await slots.idle();
  });

  test("are never taken twice: one that is passed on is not free in between", async () => {
    const slots = open(1, 10);
    const release = await slots.take(never);
    const waiting = slots.take(never);
    release();
    const newcomer = slots.take(never);
    const passedOn = await waiting;
    expect(await isSettled(newcomer)).toBe(false);
    passedOn();
    (await newcomer)();
  });

  test("are refused when too many wait", async () => {
    const slots = open(1, 1);
    const release = await slots.take(never);
    const waiting = slots.take(never);
    await expect(slots.take(never)).rejects.toMatchObject({
      code: "unavailable",
      message: "1 renders wait already; try again later",
      retry: true,
    });
    release();
    (await waiting)();
  });

  test("are no longer waited for by who gives up, and then nobody is in the way", async () => {
    const slots = open(1, 1);
    const release = await slots.take(never);
    const leaving = new AbortController();
    const left = slots.take(leaving.signal);
    leaving.abort("bored");
    await expect(left).rejects.toMatchObject({ code: "cancelled", cause: "bored" });
    const waiting = slots.take(never);
    release();
    (await waiting)();
    await expect(slots.take(leaving.signal)).rejects.toMatchObject({ code: "cancelled" });
  });

  test("are idle when the last one is given back", async () => {
    const slots = open(2, 1);
    const releases = [await slots.take(never), await slots.take(never)];
    const idle = slots.idle();
    releases[0]?.();
    expect(await isSettled(idle)).toBe(false);
    releases[1]?.();
    await idle;
    await slots.idle();
  });
});
