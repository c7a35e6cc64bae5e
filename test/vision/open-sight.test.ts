import { afterEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { FromWorker, ToWorker } from "../../src/threads/messages.ts";
import type { LocalSight, Look, LookRequest } from "../../src/vision/look.ts";
import { openSight, type SightPort } from "../../src/vision/open-sight.ts";
import type { SightTask } from "../../src/vision/serve-sight.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { samplePath } from "../support/render-fixtures.ts";
import { until } from "../support/until.ts";

const config = { nsfwThreshold: 0.85, depthModelPath: undefined };
const request: LookRequest = { sourcePath: samplePath("cat"), motion: "medium" };
const { signal: never } = new AbortController();
const look = { sight: {}, plan: {} } as Look;

const opened: LocalSight[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((sight) => sight.close()));
});

/** A Worker that does what the test says. */
function openPort() {
  const target = new EventTarget();
  const told: string[] = [];
  const close = () => target.dispatchEvent(new Event("close"));
  const port = {
    postMessage: (message: ToWorker<SightTask>) => {
      told.push(message.kind);
      if (message.kind === "end") close();
    },
    terminate: () => {
      told.push("terminate");
      close();
    },
    addEventListener: target.addEventListener.bind(target),
  } as SightPort;
  const say = (data: FromWorker<Look | undefined>) =>
    target.dispatchEvent(new MessageEvent("message", { data }));
  return { port, told, say, close };
}

/** Sight whose Workers the test holds in its hand, on a clock that it moves. */
function openHeld(depthModelPath?: string) {
  const clock = createManualClock();
  const workers: ReturnType<typeof openPort>[] = [];
  const startWorker = () => {
    const worker = openPort();
    workers.push(worker);
    return worker.port;
  };
  const sight = openSight({ clock, startWorker }, { ...config, depthModelPath });
  opened.push(sight);
  const told = async (index: number, kinds: readonly string[]) =>
    until(() => workers[index]?.told.join() === kinds.join());
  return { clock, workers, sight, told };
}

describe("sight", () => {
  test("starts a Worker with the first picture, and shows it one at a time", async () => {
    const { sight, workers, told } = openHeld();
    expect(workers).toHaveLength(0);
    const looks = [1, 2].map(() => sight.look(request, never));
    await told(0, ["task"]);
    workers[0]?.say({ kind: "done", result: look });
    expect(await looks[0]).toEqual(look);
    await told(0, ["task", "task"]);
    workers[0]?.say({ kind: "done", result: look });
    expect(await looks[1]).toEqual(look);
    expect(workers).toHaveLength(1);
  });

  test("ends its Worker after a minute without work, and starts another when it is wanted", async () => {
    const { sight, workers, clock, told } = openHeld();
    for (const index of [0, 1]) {
      const looking = sight.look(request, never);
      await told(index, ["task"]);
      workers[index]?.say({ kind: "done", result: look });
      await looking;
      clock.advance(59_999);
      expect(workers[index]?.told).toEqual(["task"]);
      clock.advance(1);
      expect(workers[index]?.told).toEqual(["task", "end"]);
    }
    expect(workers).toHaveLength(2);
  });

  test("whose Worker crashes fails for now, and has a new one for the next picture", async () => {
    const { sight, workers, told } = openHeld();
    const looking = sight.look(request, never);
    await told(0, ["task"]);
    workers[0]?.close();
    await expect(looking).rejects.toMatchObject({ code: "i2v_failed", retry: true });
    const next = sight.look(request, never);
    await told(1, ["task"]);
    workers[1]?.say({ kind: "done", result: look });
    expect(await next).toEqual(look);
  });

  test("that hangs is asked to stop at its deadline, and is then ended", async () => {
    const { sight, workers, clock, told } = openHeld();
    const looking = sight.look(request, never);
    await told(0, ["task"]);
    clock.advance(25_000);
    expect(workers[0]?.told).toEqual(["task", "cancel"]);
    clock.advance(1_000);
    await expect(looking).rejects.toMatchObject({ code: "vision_timeout", retry: true });
    expect(workers[0]?.told).toEqual(["task", "cancel", "terminate"]);
  });

  test("stops when its caller does, and keeps a Worker that listens", async () => {
    const { sight, workers, clock, told } = openHeld();
    const leaving = new AbortController();
    const looking = sight.look(request, leaving.signal);
    await told(0, ["task"]);
    leaving.abort();
    expect(workers[0]?.told).toEqual(["task", "cancel"]);
    workers[0]?.say({ kind: "done", result: look });
    await expect(looking).rejects.toMatchObject({ code: "cancelled" });
    clock.advance(1_000);
    expect(workers[0]?.told).toEqual(["task", "cancel"]);
  });

  test("that is closed ends what is at work and what waits, and looks no more", async () => {
    const { sight, workers, clock, told } = openHeld();
    const looks = [1, 2].map((_) => sight.look(request, never));
    const endings = Promise.allSettled(looks);
    await told(0, ["task"]);
    const closing = sight.close();
    clock.advance(1_000);
    await closing;
    for (const ending of await endings) {
      expect(ending).toMatchObject({ status: "rejected", reason: { code: "cancelled" } });
    }
    await expect(sight.look(request, never)).rejects.toMatchObject({ code: "cancelled" });
    expect(workers).toHaveLength(1);
  });

  test("tries a depth model before anything is asked for, and without one loads nothing", async () => {
    const without = openHeld();
    await without.sight.check();
    expect(without.workers).toHaveLength(0);
    const { sight, workers, told } = openHeld("model.onnx");
    const checking = sight.check();
    await told(0, ["task"]);
    const failure = { code: "invalid_config", message: "no", retry: false, cause: "" } as const;
    workers[0]?.say({ kind: "failed", failure });
    await expect(checking).rejects.toMatchObject({ code: "invalid_config", message: "no" });
    expect(workers[0]?.told).toEqual(["task", "end"]);
  });
});

describe("the real Worker", () => {
  test("gives its memory back after a minute", async () => {
    // In a process of its own: others would take what is given back, and leave what is taken.
    const program = join(import.meta.dir, "../support/sight-memory-program.ts");
    const look = JSON.stringify({ ...request, sourcePath: samplePath("portrait") });
    const child = Bun.spawn([process.execPath, program, look], { stdout: "pipe" });
    const { before, loaded, after } = JSON.parse(await new Response(child.stdout).text());
    expect(loaded - before).toBeGreaterThan(60);
    expect(after - before).toBeLessThan((loaded - before) / 2);
  });
});
