import { describe, expect, test } from "bun:test";
import { createSlots } from "../../src/net/slots.ts";
import { codeOf } from "../support/app-error.ts";

const signal = new AbortController().signal;

/** Work that ends when it is told to, in the order in which it began. */
function createWork() {
  const running: PromiseWithResolvers<string>[] = [];
  return {
    begin: () => {
      const work = Promise.withResolvers<string>();
      running.push(work);
      return work.promise;
    },
    begun: () => running.length,
    end: (index: number) => running[index]?.resolve(`work ${index}`),
    fail: (index: number) => running[index]?.reject(new Error(`work ${index} failed`)),
  };
}

/** Lets everything happen that can happen now. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("the slots of a host", () => {
  test("are taken by so many and no more, in the order of asking [S22]", async () => {
    const useSlot = createSlots({ perHostMax: 4, waitingMax: 1000 });
    const work = createWork();
    const all = Array.from({ length: 100 }, () => useSlot("host", signal, work.begin));
    for (let ended = 0; ended < 100; ended++) {
      await settle();
      expect(work.begun()).toBe(Math.min(100, ended + 4));
      work.end(ended);
    }
    expect(await Promise.all(all)).toEqual(all.map((_, index) => `work ${index}`));
  });

  test("are not those of another host", async () => {
    const useSlot = createSlots({ perHostMax: 1, waitingMax: 10 });
    const work = createWork();
    const both = [useSlot("a", signal, work.begin), useSlot("b", signal, work.begin)];
    await settle();
    expect(work.begun()).toBe(2);
    work.end(0);
    work.end(1);
    await Promise.all(both);
  });

  test("are free again after work that fails", async () => {
    const useSlot = createSlots({ perHostMax: 1, waitingMax: 10 });
    const work = createWork();
    const first = useSlot("host", signal, work.begin);
    const second = useSlot("host", signal, work.begin);
    await settle();
    work.fail(0);
    await expect(first).rejects.toThrow("work 0 failed");
    await settle();
    work.end(1);
    expect(await second).toBe("work 1");
  });

  test("are not waited for by those who give up, and not lost by it", async () => {
    const useSlot = createSlots({ perHostMax: 1, waitingMax: 10 });
    const work = createWork();
    const controller = new AbortController();
    const first = useSlot("host", signal, work.begin);
    const leaving = useSlot("host", controller.signal, work.begin);
    const staying = useSlot("host", signal, work.begin);
    controller.abort(new Error("no longer wanted"));
    await expect(leaving).rejects.toThrow("no longer wanted");
    work.end(0);
    await first;
    await settle();
    expect(work.begun()).toBe(2);
    work.end(1);
    expect(await staying).toBe("work 1");
  });

  test("are not given to who has given up already", async () => {
    const useSlot = createSlots({ perHostMax: 1, waitingMax: 10 });
    const aborted = AbortSignal.abort(new Error("no longer wanted"));
    const never = async () => "work";
    await expect(useSlot("host", aborted, never)).rejects.toThrow("no longer wanted");
    expect(await useSlot("host", signal, never)).toBe("work");
  });

  test("are waited for by so many and no more", async () => {
    const useSlot = createSlots({ perHostMax: 1, waitingMax: 2 });
    const work = createWork();
    const all = [1, 2, 3].map(() => useSlot("host", signal, work.begin));
    expect(await codeOf(useSlot("host", signal, work.begin))).toBe("unavailable");
    for (const index of [0, 1, 2]) {
      await settle();
      work.end(index);
    }
    await Promise.all(all);
  });
});
