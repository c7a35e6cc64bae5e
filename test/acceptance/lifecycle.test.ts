import { afterAll, beforeAll, describe, expect } from "bun:test";
import { check, once } from "./check.ts";
import { assetOf, openSite, type Project, type Site, startTimeoutMs } from "./site.ts";
import { type Heard, subscribe } from "./stream.ts";

let site: Site;
let project: Project;
beforeAll(async () => {
  site = await openSite();
  project = await site.openProject();
  // Side by side; the steps wait for what they look at.
  await Promise.all([loop(), single(), flaky()]);
}, startTimeoutMs);
afterAll(() => site.stop());

const closedEnum = [
  "queued vision_started vision_completed vision_failed stage_started stage_completed stage_failed",
  "retry_scheduled r2_write_completed webhook_dispatched webhook_delivered webhook_failed",
  "webhook_dead_letter ready failed cancelled",
].flatMap((line) => line.split(" "));

/** An event as `name` or `name stage`. */
const shortly = ({ event, data }: Heard) =>
  data["stage"] === undefined ? event : `${event} ${String(data["stage"])}`;

/** Asks for a clip and follows it to its end. */
async function walk(picture: string, query: string) {
  const asked = await site.nobody.get(project.proxy(picture, query));
  expect(asked.status).toBe(202);
  const id = assetOf(asked);
  const first = await site.owner.get(`/api/assets/${id}`);
  const stream = await subscribe(site.nobody, `/v1/${project.key}/events/${id}`);
  let pendingIn: unknown;
  let atReady: number | undefined;
  const started = await stream.until(({ heard }) =>
    heard.find(({ event }) => /^(stage_started|failed)$/.test(event)),
  );
  if (started.event === "stage_started") {
    pendingIn = (await site.owner.get(`/api/assets/${id}`)).json["asset"];
    await stream.hears("ready");
    atReady = (await site.nobody.get(project.proxy(picture, query))).status;
  }
  const heard = await stream.ended();
  const { asset, generations } = (await site.owner.get(`/api/assets/${id}`)).json as {
    readonly asset: Readonly<Record<string, unknown>>;
    readonly generations: readonly Readonly<Record<string, unknown>>[];
  };
  const names = heard.map(shortly);
  return { id, first, heard, names, pendingIn, atReady, asset, generations };
}

const loop = once(() => walk("still-loop.png", "?dur=2&mode=loop"));
const single = once(() => walk("still-single.png", "?dur=2&mode=animate-in"));
const missing = once(() => walk("missing.png", "?dur=2"));
const large = once(() => walk("large.png", "?dur=2"));
/** A clip whose source is there at the second attempt; no more of it is wanted. */
const flaky = once(async () => {
  const id = assetOf(await site.nobody.get(project.proxy("flaky.png")));
  const stream = await subscribe(site.nobody, `/v1/${project.key}/events/${id}`);
  await stream.hears("vision_started");
  await site.owner.post(`/api/assets/${id}/cancel`);
  const heard = await stream.ended();
  return { heard, names: heard.map(shortly) };
});
/** A clip that is cancelled before its source is there. */
const cancelled = once(async () => {
  // Those that fail are given back; none shall be so in between.
  await Promise.all([missing(), large()]);
  const before = await site.used();
  const id = assetOf(await site.nobody.get(project.proxy("slow.png")));
  const during = await site.used();
  const stream = await subscribe(site.nobody, `/v1/${project.key}/events/${id}`);
  const answer = await site.owner.post(`/api/assets/${id}/cancel`);
  const heard = await stream.ended();
  return { answer, heard, before, during, after: await site.used(), id };
});
const all = async () =>
  [await loop(), await single(), await missing(), await flaky(), await cancelled()].flatMap(
    ({ heard }) => heard,
  );

describe("asset lifecycle", () => {
  check("L01", async () => {
    const ends = [await loop(), await single()].map(({ names }) => [
      names.slice(0, 3),
      names.slice(-2),
    ]);
    const same = [
      ["queued", "vision_started", "vision_completed"],
      ["r2_write_completed", "ready"],
    ];
    expect(ends).toEqual([same, same]);
  });
  check("L02", async () => {
    expect((await loop()).names.slice(3, -2)).toEqual([
      "stage_started stage1",
      "stage_completed stage1",
      "stage_started stage2",
      "stage_completed stage2",
      "stage_started merge",
      "stage_completed merge",
    ]);
  });
  check("L03", async () => {
    const middle = (await single()).names.slice(3, -2);
    expect(middle).toEqual(["stage_started single", "stage_completed single"]);
  });
  check("L04", async () => {
    const order = ["vision_completed", "stage_started", "r2_write_completed", "ready"];
    const events = (await loop()).heard.map(({ event }) => event);
    const places = order.map((name) => events.indexOf(name));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });
  check("L06", async () => {
    await loop();
    const path = project.proxy("still-loop.png", "?dur=2&mode=loop");
    const { headers } = await site.nobody.get(path);
    const kept = "public, max-age=300, s-maxage=31536000, stale-while-revalidate=86400";
    expect(headers.get("cache-control")).toBe(kept);
    expect(headers.get("etag")).toMatch(/^"[^"]+"$/);
    const named = await site.nobody.get(`${path}&v=1`);
    expect(named.headers.get("cache-control")).toContain("immutable");
  });
  check("L07", async () => {
    const { names, asset } = await missing();
    expect(names).toEqual(["queued", "vision_failed", "failed"]);
    expect(asset["status"]).toBe("failed");
  });
  check("L08", async () => {
    const { first, pendingIn } = await loop();
    expect(first.json["asset"]).toMatchObject({ status: "pending", mp4_url: null });
    expect(pendingIn).toMatchObject({ status: "pending" });
  });
  check("L09", async () => {
    const { asset } = await loop();
    expect(asset["status"]).toBe("ready");
    const path = project.proxy("still-loop.png", "?dur=2&mode=loop");
    const { status, headers, bytes } = await site.nobody.get(path);
    expect([status, headers.get("content-type")]).toEqual([200, "video/mp4"]);
    expect(new TextDecoder().decode(bytes.subarray(4, 8))).toBe("ftyp");
    const stored = await site.nobody.get(String(asset["mp4_url"]));
    expect(stored.bytes).toEqual(bytes);
  });
  check("L10", async () => {
    const last = (await missing()).heard.at(-1);
    expect(last).toMatchObject({ event: "failed", data: { error_code: "source_unfetchable" } });
  });
  check("L11", async () => {
    const { id, heard } = await loop();
    const { events } = (await site.owner.get(`/api/assets/${id}/history`)).json as {
      readonly events: readonly { readonly id: number; readonly event: string }[];
    };
    expect(events.map(({ id, event }) => [id, event])).toEqual(
      heard.map(({ id, event }) => [id, event]),
    );
  });
  check("L13", async () => {
    for (const { event } of await all()) expect(closedEnum).toContain(event);
  });
  check("L14", async () => {
    const { first, heard } = await loop();
    expect(first.status).toBe(200);
    expect(heard[0]?.event).toBe("queued");
  });
  check("L15", async () => {
    const { names } = await loop();
    expect(names.indexOf("vision_started")).toBeLessThan(names.indexOf("vision_completed"));
  });
  check("L16", async () => {
    expect((await loop()).asset["vision_prompt"]).toMatch(/\w+ \w+/);
  });
  check("L18", async () => {
    const { names, heard } = await large();
    expect(names).toEqual(["queued", "vision_failed", "failed"]);
    expect(heard[1]?.data["error_code"]).toBe("source_too_large");
  });
  check("L19", async () => {
    expect((await missing()).heard[1]).toMatchObject({
      event: "vision_failed",
      data: { error_code: "source_unfetchable" },
    });
  });
  check("L20", async () => {
    const named = (await all())
      .filter(({ event }) => event.startsWith("stage_"))
      .map(({ data }) => data["stage"]);
    expect(new Set(named)).toEqual(new Set(["stage1", "stage2", "merge", "single"]));
  });
  check("L21", async () => {
    const { heard } = await single();
    const done = heard.find(({ event }) => event === "stage_completed");
    expect(done?.data["latency_ms"]).toBeGreaterThan(0);
  });
  check("L24", async () => {
    const { names, heard } = await flaky();
    expect(names.slice(0, 3)).toEqual(["queued", "retry_scheduled vision", "vision_started"]);
    const [queued, retry, again] = heard;
    expect(Number(again?.data["ts"]) - Number(retry?.data["ts"])).toBeGreaterThanOrEqual(990);
    expect(Number(retry?.data["ts"])).toBeGreaterThanOrEqual(Number(queued?.data["ts"]));
    expect(site.origin.timesAsked("/flaky.png")).toBe(2);
  });
  check("L25", async () => {
    const { names, asset } = await single();
    expect(names.at(-2)).toBe("r2_write_completed");
    expect(Number(asset["bytes"])).toBeGreaterThan(1000);
  });
  check("L30", async () => {
    const { names, atReady } = await loop();
    expect(names.filter((name) => name === "ready")).toHaveLength(1);
    expect([names.at(-1), atReady]).toEqual(["ready", 200]);
  });
  check("L31", async () => {
    const { names, heard } = await large();
    expect(names.at(-1)).toBe("failed");
    expect(heard.at(-1)?.data["error_code"]).toBe("source_too_large");
  });
  check("L32", async () => {
    expect((await cancelled()).heard.map(shortly)).toEqual(["queued", "cancelled"]);
  });
  check("L33", async () => {
    for (const { data } of await all()) {
      expect(Math.abs(Number(data["ts"]) - Date.now())).toBeLessThan(10 * 60_000);
      expect(data["attempt"]).toBeGreaterThanOrEqual(1);
      expect(data["request_id"]).toMatch(/^[\w-]{4,64}$/);
    }
  });
  check("L34", async () => {
    for (const { event, data } of await all()) {
      if (/^stage_/.test(event)) expect(data["stage"]).toMatch(/^(stage1|stage2|merge|single)$/);
    }
  });
  check("L35", async () => {
    const completed = (await all()).filter(({ event }) => event.endsWith("_completed"));
    expect(completed.length).toBeGreaterThan(6);
    for (const { data } of completed) expect(data["latency_ms"]).toBeGreaterThanOrEqual(0);
  });
  check("L36", async () => {
    const failures = (await missing()).heard.filter(({ event }) => event.endsWith("failed"));
    expect(failures).toHaveLength(2);
    for (const { data } of failures) {
      expect(data["error_code"]).toBe("source_unfetchable");
      expect(data["error_msg"]).toMatch(/404/);
    }
  });
});
