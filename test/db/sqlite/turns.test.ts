import { describe, expect, test } from "bun:test";
import { createTurns } from "../../../src/db/sqlite/turns.ts";

const limits = { waitingMax: 3, waitMsMax: 10_000 };

describe("turns", () => {
  test("one holder at a time, first come first served", async () => {
    const turns = createTurns(limits);
    const order: string[] = [];
    const use = async (name: string) => {
      const release = await turns.take();
      order.push(`${name} in`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} out`);
      release();
    };
    await Promise.all([use("a"), use("b"), use("c")]);
    expect(order).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
  });

  test("giving back twice gives back once", async () => {
    const turns = createTurns(limits);
    const release = await turns.take();
    release();
    const second = await turns.take();
    release();
    let isThird = false;
    const third = turns.take().then(() => {
      isThird = true;
    });
    await Promise.resolve();
    expect(isThird).toBe(false);
    second();
    await third;
  });

  test("no more wait than the limit says", async () => {
    const turns = createTurns(limits);
    const release = await turns.take();
    const waiting = [turns.take(), turns.take(), turns.take()];
    await expect(turns.take()).rejects.toMatchObject({ code: "unavailable" });
    const closing = turns.close();
    expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual(
      Array(3).fill("rejected"),
    );
    release();
    await closing;
  });

  test("who waits for itself is let go after a while, and the next is not lost", async () => {
    const turns = createTurns({ waitingMax: 3, waitMsMax: 20 });
    const release = await turns.take();
    await expect(turns.take()).rejects.toThrow("no turn to write within 20 ms");
    release();
    (await turns.take())();
  });

  test("closing waits for the holder and refuses everybody else", async () => {
    const turns = createTurns(limits);
    const release = await turns.take();
    const waiting = turns.take();
    let isClosed = false;
    const closing = turns.close().then(() => {
      isClosed = true;
    });
    await expect(waiting).rejects.toThrow("being closed");
    await expect(turns.take()).rejects.toThrow("being closed");
    expect(isClosed).toBe(false);
    release();
    await closing;
  });
});
