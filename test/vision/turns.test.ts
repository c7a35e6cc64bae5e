import { expect, test } from "bun:test";
import { createTurns } from "../../src/vision/turns.ts";

const never = new AbortController().signal;

test("turns are taken one at a time, in order", async () => {
  const turns = createTurns(9);
  const order: number[] = [];
  const endFirst = await turns.take(never);
  const others = [1, 2, 3].map(async (number) => {
    const end = await turns.take(never);
    order.push(number);
    end();
  });
  expect(order).toEqual([]);
  endFirst();
  await Promise.all(others);
  expect(order).toEqual([1, 2, 3]);
  (await turns.take(never))();
});

test("whoever gives up leaves the line, and too many are refused", async () => {
  const turns = createTurns(1);
  const end = await turns.take(never);
  const leaving = new AbortController();
  const waiting = turns.take(leaving.signal);
  await expect(turns.take(never)).rejects.toMatchObject({ code: "unavailable" });
  leaving.abort();
  await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
  const next = turns.take(never);
  end();
  (await next)();
  await expect(turns.take(AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
});
