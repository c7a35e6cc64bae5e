import { afterAll, beforeAll, describe, expect } from "bun:test";
import { check, once } from "./check.ts";
import { type Client, createClient } from "./client.ts";
import { assetOf, openSite, type Project, type Site, startTimeoutMs } from "./site.ts";
import { subscribe } from "./stream.ts";

let site: Site;
let project: Project;
beforeAll(async () => {
  site = await openSite();
  project = await site.openProject();
}, startTimeoutMs);
afterAll(() => site.stop());

const eventsOf = (id: string) => `/v1/${project.key}/events/${id}`;

/** A clip that has been made. */
const ready = once(async () => {
  const id = assetOf(await site.nobody.get(project.proxy("still.png", "?dur=2&mode=animate-in")));
  const stream = await subscribe(site.nobody, eventsOf(id));
  return { id, stream, heard: await stream.ended() };
});

/** Somebody signed in through the cookie alone, as in the page's `curl -b`. */
const withCookie = (): Client => createClient(site.url, site.cookie);

const prepare = async (options: object, projectId = project.id) => {
  const src = site.origin.urlOf("slow.png");
  const answer = await site.owner.post("/api/v1/prepare", {
    project_id: projectId,
    src,
    motion: "subtle",
    mode: "loop",
    dur_seconds: 3,
    ...options,
  });
  expect(answer.status).toBe(200);
  return String(answer.json["asset_id"]);
};

describe("watching events", () => {
  check("L37", async () => {
    const { heard } = await ready();
    expect(heard.at(-1)?.event).toBe("ready");
    const { id } = await ready();
    expect((await site.nobody.get(`/v1/pk_unknown/events/${id}`)).status).toBe(403);
    expect((await site.nobody.get(eventsOf("0".repeat(16)))).status).toBe(404);
  });
  check("L38", async () => {
    const { id, stream, heard } = await ready();
    const frames = stream
      .text()
      .split("\n\n")
      .filter((frame) => frame.includes("data:"));
    expect(frames).toHaveLength(heard.length);
    for (const frame of frames) expect(frame).toMatch(/^id: \d{13}\nevent: \w+\ndata: \{.*\}$/);
    for (const { data, id: eventId } of heard) {
      expect(data["asset_id"]).toBe(id);
      expect(Math.abs(eventId - Number(data["ts"]))).toBeLessThan(1000);
    }
  });
  check("L39", async () => {
    const { id, heard } = await ready();
    const seen = heard[2];
    const again = await subscribe(site.nobody, eventsOf(id), { "Last-Event-ID": `${seen?.id}` });
    expect((await again.ended()).map(({ id }) => id)).toEqual(heard.slice(3).map(({ id }) => id));
  });
  check("L40", async () => {
    const { id, heard } = await ready();
    const path = `/api/assets/${id}/events`;
    expect((await site.nobody.get(path)).status).toBe(401);
    const stream = await subscribe(withCookie(), path);
    expect((await stream.ended()).map(({ event }) => event)).toEqual(
      heard.map(({ event }) => event),
    );
  });
  check("L41", async () => {
    const path = `/api/projects/${project.id}/activity`;
    expect((await site.nobody.get(path)).status).toBe(401);
    const stream = await subscribe(withCookie(), path);
    const id = await prepare({ idem: "activity" });
    expect((await stream.hears("queued")).data["asset_id"]).toBe(id);
    await stream.leave();
  });
  check("L47", async () => {
    const { id, heard } = await ready();
    expect((await site.owner.get(`/api/assets/${id}`)).json["asset"]).toMatchObject({
      status: "ready",
    });
    expect(heard.at(-1)?.event).toBe("ready");
  });
});

describe("idempotency", () => {
  check("L48", async () => {
    const before = await site.used();
    const options = { prompt_override: "a slow pan", seed: 7, idem: "same", aspect: "1:1" };
    const ids = [await prepare(options), await prepare(options)];
    const query = "?motion=subtle&mode=loop&dur=3&prompt=a+slow+pan&seed=7&idem=same&aspect=1:1";
    ids.push(assetOf(await site.nobody.get(project.proxy("slow.png", query))));
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(await site.used()).toBe(before + 1);
    const { generations } = (await site.owner.get(`/api/assets/${ids[0]}`)).json;
    expect(generations).toHaveLength(1);
  });
  check("L49", async () => {
    const changes = [
      {},
      { src: site.origin.urlOf("slow-other.png") },
      { motion: "kinetic" },
      { mode: "animate-in" },
      { dur_seconds: 4 },
      { prompt_override: "another move" },
      { seed: 8 },
      { idem: "b" },
      { aspect: "1:1" },
    ];
    const ids = await Promise.all(changes.map((change) => prepare(change)));
    expect(new Set(ids).size).toBe(changes.length);
  });
  check("L50", async () => {
    const other = await site.openProject();
    expect(await prepare({}, other.id)).not.toBe(await prepare({}));
  });
  check("L51", async () => {
    const ask = async (idem: string) =>
      assetOf(await site.nobody.get(project.proxy("slow.png", `?idem=${idem}`)));
    const [a, b, again] = [await ask("variant-a"), await ask("variant-b"), await ask("variant-a")];
    expect(a).not.toBe(b);
    expect(again).toBe(a);
  });
});

describe("cancellation", () => {
  check("L52", async () => {
    const id = await prepare({ idem: "cancel-by-hand" });
    const { status, json } = await site.owner.post(`/api/assets/${id}/cancel`);
    expect([status, json]).toEqual([200, { asset_id: id, status: "failed" }]);
    expect((await site.owner.post(`/api/assets/${id}/cancel`)).status).toBe(409);
  });
  check("L53", async () => {
    const before = await site.used();
    const id = await prepare({ idem: "cancel-billing" });
    expect(await site.used()).toBe(before + 1);
    await site.owner.post(`/api/assets/${id}/cancel`);
    const heard = await (await subscribe(site.nobody, eventsOf(id))).ended();
    expect(heard.map(({ event }) => event)).toEqual(["queued", "cancelled"]);
    expect(await site.used()).toBe(before);
    const { asset } = (await site.owner.get(`/api/assets/${id}`)).json;
    expect(asset).toMatchObject({ status: "failed", error: expect.stringMatching(/^cancelled: /) });
  });
  check("L54", async () => {
    const before = await site.used();
    // Eight seconds of loop take long enough to be caught in the middle of.
    const query = "?dur=8&mode=loop&idem=submitted";
    const id = assetOf(await site.nobody.get(project.proxy("still.png", query)));
    const stream = await subscribe(site.nobody, eventsOf(id));
    await stream.hears("stage_started");
    expect((await site.owner.post(`/api/assets/${id}/cancel`)).status).toBe(200);
    const heard = await stream.ended();
    expect(heard.map(({ event }) => event)).toEqual([
      "queued",
      "vision_started",
      "vision_completed",
      "stage_started",
      "cancelled",
    ]);
    expect(await site.used()).toBe(before);
    expect((await site.nobody.get(project.proxy("still.png", query))).status).toBe(502);
  });
});
