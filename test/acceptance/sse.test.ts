import { afterAll, beforeAll, describe, expect } from "bun:test";
import { check, once } from "./check.ts";
import { assetOf, openSite, type Project, type Site, startTimeoutMs } from "./site.ts";
import { type Heard, type Stream, subscribe } from "./stream.ts";

let site: Site;
let project: Project;
/** Opened first of all on a clip that stays pending, for the pings to come meanwhile. */
let silent: { readonly stream: Stream; readonly openedAt: number };
beforeAll(async () => {
  site = await openSite();
  project = await site.openProject();
  const id = assetOf(await site.nobody.get(project.proxy("slow-silent.png")));
  silent = { stream: await subscribe(site.nobody, eventsOf(id)), openedAt: Date.now() };
}, startTimeoutMs);
afterAll(() => site.stop());

const eventsOf = (id: string) => `/v1/${project.key}/events/${id}`;
const idsOf = (heard: readonly Heard[]) => heard.map(({ id }) => id);

const ready = once(async () => {
  const askedAt = Date.now();
  const id = assetOf(await site.nobody.get(project.proxy("still.png", "?dur=2&mode=animate-in")));
  const stream = await subscribe(site.nobody, eventsOf(id));
  const hot = stream
    .hears("ready")
    .then(() => site.nobody.get(project.proxy("still.png", "?dur=2&mode=animate-in")));
  const heard = await stream.ended();
  return { id, stream, heard, tookMs: Date.now() - askedAt, hot: (await hot).status };
});
const failed = once(async () => {
  const id = assetOf(await site.nobody.get(project.proxy("missing.png")));
  return (await subscribe(site.nobody, eventsOf(id))).ended();
});

/** Starts a clip that stays pending until it is cancelled. */
const startSlow = async (idem: string) =>
  assetOf(await site.nobody.get(project.proxy("slow.png", `?idem=${idem}`)));
const cancel = (id: string) => site.owner.post(`/api/assets/${id}/cancel`);

describe("SSE streaming", () => {
  check("S01", async () => {
    const { headers } = (await ready()).stream.response;
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("cache-control")).toMatch(/no-(store|cache)/);
  });
  check("S02", async () => {
    const { id, heard } = await ready();
    expect((await site.nobody.get(`/api/assets/${id}/events`)).status).toBe(401);
    const own = await (await subscribe(site.owner, `/api/assets/${id}/events`)).ended();
    expect(idsOf(own)).toEqual(idsOf(heard));
  });
  check("S03", async () => {
    const path = `/api/projects/${project.id}/activity`;
    expect((await site.nobody.get(path)).status).toBe(401);
    await (await subscribe(site.owner, path)).leave();
  });
  check("S04", async () => {
    const done = (await ready()).heard.filter(({ event }) => event === "stage_completed");
    expect(done.map(({ data }) => data["stage"])).toEqual(["single"]);
    expect(done[0]?.data["latency_ms"]).toBeGreaterThan(0);
  });
  check("S05", async () => {
    expect((await ready()).hot).toBe(200);
  });
  check("S06", async () => {
    const { event, data } = (await failed()).at(-1) ?? {};
    expect([event, data?.["error_code"]]).toEqual(["failed", "source_unfetchable"]);
    expect(data?.["error_msg"]).toMatch(/404/);
  });
  check("S07", async () => {
    const { id, heard } = await ready();
    const headers = { "Last-Event-ID": String(heard.at(-1)?.id) };
    const again = await site.nobody.get(eventsOf(id), headers);
    expect([again.status, again.bytes.byteLength]).toEqual([204, 0]);
  });
  check("S08", async () => {
    const id = await startSlow("reconnect");
    const first = await subscribe(site.nobody, eventsOf(id));
    const { id: seen } = await first.hears("queued");
    await first.leave();
    const second = await subscribe(site.nobody, eventsOf(id), { "Last-Event-ID": String(seen) });
    await cancel(id);
    expect((await second.ended()).map(({ event }) => event)).toEqual(["cancelled"]);
  });
  check("S09", async () => {
    const response = await site.nobody.get("/api/openapi.json");
    const names = [...(await ready()).heard, ...(await failed())].map(({ event }) => event);
    const text = new TextDecoder().decode(response.bytes);
    for (const name of new Set(names)) expect(text).toContain(`"${name}"`);
    expect(new Set(names).size).toBe(9);
  });
  check("S11", async () => {
    for (const { event, data } of [...(await ready()).heard, ...(await failed())]) {
      const keys = ["ts", "attempt", "request_id", "asset_id"];
      if (event.startsWith("stage_")) keys.push("stage");
      if (event.endsWith("_completed")) keys.push("latency_ms");
      if (event.endsWith("failed")) keys.push("error_code", "error_msg");
      expect(Object.keys(data).toSorted()).toEqual(keys.toSorted());
    }
  });
  check("S12", async () => {
    const { heard } = await ready();
    const ids = idsOf(heard);
    for (const id of ids) expect(Math.abs(id - Date.now())).toBeLessThan(10 * 60_000);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    expect(new Set(ids).size).toBe(ids.length);
  });
  check("S13", async () => {
    const { id, heard } = await ready();
    for (const [index, { id: cursor }] of heard.slice(0, -1).entries()) {
      const rest = await subscribe(site.nobody, eventsOf(id), { "Last-Event-ID": `${cursor}` });
      expect(idsOf(await rest.ended())).toEqual(idsOf(heard.slice(index + 1)));
    }
  });
  check("S14", async () => {
    const { id, heard } = await ready();
    const all = await (await subscribe(site.nobody, eventsOf(id))).ended();
    expect(idsOf(all)).toEqual(idsOf(heard));
  });
  check("S16", async () => {
    expect((await ready()).tookMs).toBeLessThan(60_000);
  });
  check("S17", async () => {
    const path = `/api/projects/${project.id}/activity`;
    const first = await subscribe(site.owner, path);
    const cursor = (await startedAs(first, "closed-1")).id;
    await first.leave();
    const missed = [await startSlow("closed-2"), await startSlow("closed-3")];
    await Promise.all(missed.map(cancel));
    const second = await subscribe(site.owner, path, { "Last-Event-ID": String(cursor) });
    const cancels = await second.until(({ heard }) =>
      heard.length < 4 ? undefined : heard.slice(0, 4),
    );
    expect(new Set(cancels.map(({ data }) => data["asset_id"]))).toEqual(new Set(missed));
    await second.leave();
  });
  check("S20", async () => {
    const stream = await subscribe(site.owner, `/api/projects/${project.id}/activity`);
    const ids = [await startSlow("feed-1"), await startSlow("feed-2")];
    await Promise.all(ids.map(cancel));
    await stream.until(({ heard }) => (heard.length < 4 ? undefined : true));
    for (const id of ids) {
      const own = await (await subscribe(site.nobody, eventsOf(id))).ended();
      const inFeed = stream.heard.filter(({ data }) => data["asset_id"] === id);
      expect(inFeed.map(({ id, event, data }) => ({ id, event, data }))).toEqual(
        own.map(({ id, event, data }) => ({ id, event, data })),
      );
    }
    await stream.leave();
  });
  check("S24", async () => {
    const delays: number[] = [];
    for (const idem of ["late-1", "late-2", "late-3", "late-4", "late-5"]) {
      const id = await startSlow(idem);
      const stream = await subscribe(site.nobody, eventsOf(id));
      await stream.hears("queued");
      await cancel(id);
      const { cameAt, data } = await stream.hears("cancelled");
      delays.push(cameAt - Number(data["ts"]));
    }
    // The fastest of five, since other tests take the processor from this one.
    expect(Math.min(...delays)).toBeLessThan(50);
  });
  check("S18", async () => {
    await silent.stream.until(({ comments }) => comments.find((text) => text === " ping"));
    // Pings of all connections are spread over the fifteen seconds.
    expect(Date.now() - silent.openedAt).toBeLessThan(17_000);
    expect(silent.stream.text()).toMatch(/\n: ping\n\n/);
  });
  check("S19", () => {
    expect(silent.stream.heard.map(({ event }) => event)).toEqual(["queued"]);
  });
});

/** Starts a clip and waits until the stream tells of it. */
async function startedAs(stream: Stream, idem: string): Promise<Heard> {
  const id = await startSlow(idem);
  return stream.until(({ heard }) => heard.find(({ data }) => data["asset_id"] === id));
}
