import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import type { FromWorker, ToWorker } from "../../src/threads/messages.ts";
import type { Look } from "../../src/vision/look.ts";
import type { Nets } from "../../src/vision/nets.ts";
import { type SightTask, serveSight } from "../../src/vision/serve-sight.ts";
import { samplePath } from "../support/render-fixtures.ts";
import { until } from "../support/until.ts";

const config = { nsfwThreshold: 0.85, depthModelPath: undefined };
const task: ToWorker<SightTask> = {
  kind: "task",
  task: {
    kind: "look",
    request: { sourcePath: samplePath("cat"), motion: "medium" },
    config,
  },
};

/** Nets that see nothing: no face, nothing to object to. */
const blindNets: Nets = {
  classify: async () => [0, 0, 1, 0, 0],
  detectFaces: async () => ({ scores: [], regressions: [] }),
  segmentPeople: async () => [],
};

function serveWith(createNets: () => Nets) {
  const told: FromWorker<Look | undefined>[] = [];
  let exits = 0;
  const serve = serveSight({
    createNets,
    createDepthNet: async () => {
      throw new AppError("invalid_config", "no model");
    },
    send: (message) => told.push(message),
    exit: () => {
      exits += 1;
    },
  });
  return { serve, told, exits: () => exits };
}

describe("the inside of the sight Worker", () => {
  test("looks at pictures with the same nets, one after the other", async () => {
    let made = 0;
    const { serve, told } = serveWith(() => {
      made += 1;
      return blindNets;
    });
    for (const count of [1, 2]) {
      serve(task);
      await until(() => told.length === count);
    }
    expect(told[0]).toMatchObject({ kind: "done", result: { plan: { camera: "parallax" } } });
    expect(told[1]).toEqual(told[0] as FromWorker<Look | undefined>);
    expect(made).toBe(1);
  });

  test("tells a failure that nobody foresaw without its words, and loads its nets anew", async () => {
    let made = 0;
    const { serve, told } = serveWith(() => {
      made += 1;
      return { ...blindNets, classify: () => Promise.reject(new Error("out of memory")) };
    });
    serve(task);
    await until(() => told.length === 1);
    expect(told[0]).toMatchObject({
      kind: "failed",
      failure: { code: "i2v_failed", cause: expect.stringContaining("out of memory") },
    });
    expect(JSON.stringify(told[0])).toContain("local sight failed on this picture");
    expect(made).toBe(2);
  });

  test("is told of a depth model that is none, stops when asked, and ends when told", async () => {
    const { serve, told, exits } = serveWith(() => blindNets);
    serve({ kind: "task", task: { kind: "try-depth", path: "none.onnx" } });
    await until(() => told.length === 1);
    expect(told[0]).toMatchObject({ kind: "failed", failure: { code: "invalid_config" } });
    serve(task);
    serve({ kind: "cancel" });
    await until(() => told.length === 2);
    expect(told[1]).toMatchObject({ kind: "failed", failure: { code: "cancelled" } });
    serve({ kind: "end" });
    expect(exits()).toBe(1);
  });
});
