import { describe, expect, test } from "bun:test";
import { createEnsureRendition, findRendition, renditionJob } from "../../src/assets/renditions.ts";
import type { Rendition } from "../../src/db/rendition-table.ts";
import { AppError } from "../../src/errors.ts";
import { enqueue } from "../../src/jobs/queue.ts";
import type { Media, TranscodeSpec } from "../../src/media/media.ts";
import { openMedia } from "../../src/media/open-media.ts";
import type { TestPipeline } from "../support/pipeline.ts";
import { until } from "../support/until.ts";
import { usePipelines } from "../support/use-pipelines.ts";

const pipelines = await usePipelines();

/** Media that meets these faults, one a call, and then does its work. */
async function faultyMedia(faults: readonly Error[] = []) {
  const media = await openMedia({ ffmpegPath: undefined });
  const specs: TranscodeSpec[] = [];
  const transcode: Media["transcode"] = async (spec, options) => {
    const fault = faults[specs.length];
    specs.push(spec);
    if (fault) throw fault;
    return media.transcode(spec, options);
  };
  return { media: { ...media, transcode }, specs };
}

/** A pipeline with one ready clip. */
async function openWithClip(faults: readonly Error[] = [], mode: "loop" | "animate-in" = "loop") {
  const { media, specs } = await faultyMedia(faults);
  const opened = await pipelines.open({ media });
  const { asset } = await opened.ensure({ mode });
  const { current } = await opened.until(asset.id, (view) => view.current !== undefined);
  if (!current) throw new Error("there is no clip");
  const ensure = createEnsureRendition(opened);
  const find = (format: string) =>
    findRendition(opened.store.read, { generationId: current.id, format });
  const ended = async (format: string): Promise<Rendition> => {
    await until(async () => {
      // Time passes only while the next try is waited for.
      if (await waits(opened)) opened.clock.advance(1000);
      return (await find(format))?.state !== "pending";
    });
    const rendition = await find(format);
    if (!rendition) throw new Error("there is no rendition");
    return rendition;
  };
  return { ...opened, specs, current, ended, find, want: (name: string) => ensure(current, name) };
}

async function waits({ store }: TestPipeline): Promise<boolean> {
  const job = await store.read
    .selectFrom("jobs")
    .select("id")
    .where("kind", "=", renditionJob)
    .where("worker", "is", null)
    .executeTakeFirst();
  return job !== undefined;
}

const busy = () => new AppError("i2v_failed", "ffmpeg was killed by SIGKILL", { retry: true });

describe("another form of a finished clip", () => {
  test("is made of it, stored beside it and written down; the clip stays as it was", async () => {
    const { want, ended, storage, current } = await openWithClip();
    const [first, second] = await Promise.all([want("gif"), want("gif")]);
    expect([first?.state, second?.state]).toEqual(["pending", "pending"]);
    const rendition = await ended("gif");
    expect(rendition).toMatchObject({
      state: "ready",
      attempts: 0,
      media_key: `media/${current.asset_id}/${current.id}.gif`,
      content_type: "image/gif",
      width: 64,
      height: 64,
    });
    const stored = await storage.open(rendition.media_key ?? "");
    const bytes = await new Response(stored?.body).bytes();
    expect(bytes.length).toBe(rendition.bytes ?? 0);
    const sha256 = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
    expect(sha256).toBe(rendition.media_sha256 ?? "");
    expect((await storage.stat(current.media_key ?? ""))?.sizeBytes).toBe(current.bytes ?? 0);
  });

  test.each([
    ["loop", true],
    ["animate-in", false],
  ] as const)("plays as its mode does: %s", async (mode, loops) => {
    const { want, ended, specs } = await openWithClip([], mode);
    await want("gif");
    await ended("gif");
    expect(specs.map((spec) => spec.loops)).toEqual([loops]);
  });

  test("is tried again after a passing fault", async () => {
    const { want, ended, specs } = await openWithClip([busy(), busy()]);
    await want("gif");
    expect(await ended("gif")).toMatchObject({ state: "ready", attempts: 2 });
    expect(specs).toHaveLength(3);
  });

  test("is given up after the fifth, with the reason", async () => {
    const { want, ended, specs, store } = await openWithClip(Array.from({ length: 9 }, busy));
    await want("gif");
    expect(await ended("gif")).toMatchObject({
      state: "failed",
      error_code: "i2v_failed",
      error_msg: "ffmpeg was killed by SIGKILL",
      media_key: null,
    });
    expect(specs).toHaveLength(5);
    // Asked for again, it is what it was.
    expect((await want("gif")).state).toBe("failed");
    const jobs = await store.read.selectFrom("jobs").select("id").where("kind", "=", renditionJob);
    expect(await jobs.execute()).toEqual([]);
  });

  test("is given up at once when trying again cannot help", async () => {
    const fault = new AppError("unsupported_format", "this server makes no avif");
    const { want, ended, specs } = await openWithClip([fault]);
    await want("avif");
    expect(await ended("avif")).toMatchObject({ state: "failed", error_code: fault.code });
    expect(specs).toHaveLength(1);
  });

  test("goes with its clip, also when the clip goes while it is made", async () => {
    const { want, ended, find, storage, store, current } = await openWithClip();
    await want("gif");
    const { media_key: key } = await ended("gif");
    await store.write(async (tx) => {
      await tx.query
        .updateTable("generations")
        .set({ media_key: null, poster_key: null })
        .where("id", "=", current.id)
        .execute();
    });
    // The job that finds the clip gone leaves nothing either.
    await want("webp");
    await until(async () => (await find("webp")) === undefined);
    expect(await find("gif")).toBeUndefined();
    expect(key).not.toBeNull();
    await store.write((tx) => enqueue(tx, { kind: "cleanup", subject: current.id }));
    await until(async () => (await storage.stat(key ?? "")) === undefined);
  });
});
