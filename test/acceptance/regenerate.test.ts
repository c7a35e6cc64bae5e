import { afterAll, beforeAll, describe, expect } from "bun:test";
import { check, once } from "./check.ts";
import { assetOf, openSite, type Project, type Site, startTimeoutMs } from "./site.ts";
import { subscribe } from "./stream.ts";

type Row = Readonly<Record<string, unknown>>;

let site: Site;
let project: Project;
/** What the cache in front is told. */
const purges: { readonly method: string; readonly tag: string | null }[] = [];
const cache = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch({ method, headers }) {
    purges.push({ method, tag: headers.get("surrogate-key") });
    return new Response("purged");
  },
});
beforeAll(async () => {
  site = await openSite({
    MOTIONESS_SIGNUPS: "open",
    MOTIONESS_PURGE: "varnish",
    MOTIONESS_PURGE_URL: `http://localhost:${cache.port}`,
  });
  project = await site.openProject();
}, startTimeoutMs);
afterAll(async () => {
  await site.stop();
  await cache.stop(true);
});

const query = "?dur=2&mode=animate-in&motion=subtle&seed=1";
const clip = (more = "") => site.nobody.get(project.proxy("still.png", query + more));
const regenerate = (id: string, body: unknown = {}) =>
  site.owner.post(`/api/assets/${id}/regenerate`, body);

/** Follows an asset from a cursor on to the end of its generation. */
const follow = async (id: string, after?: number) => {
  const headers = after === undefined ? {} : { "Last-Event-ID": String(after) };
  const stream = await subscribe(site.nobody, `/v1/${project.key}/events/${id}`, headers);
  return stream.ended();
};

/** What is known of an asset, and what is served of it. */
const look = async (id: string) => {
  const { asset, generations } = (await site.owner.get(`/api/assets/${id}`)).json;
  return { asset: asset as Row, generations: generations as readonly Row[] };
};

const first = once(async () => {
  const used = await site.used();
  const id = assetOf(await clip());
  const heard = await follow(id);
  return { id, heard, used, served: await clip(), ...(await look(id)) };
});

/** Another seed and another prompt, after the brand was changed. */
const second = once(async () => {
  const before = await first();
  const brand = { brandName: "Zephyrine", messagingContext: { tone: "calm" } };
  expect((await site.owner.put(`/api/projects/${project.id}/brand`, brand)).status).toBe(200);
  const used = await site.used();
  const answer = await regenerate(before.id, { seed: 2, motion: "kinetic" });
  const during = await clip();
  const heard = await follow(before.id, before.heard.at(-1)?.id);
  const counted = (await site.used()) - used;
  return {
    before,
    answer,
    during,
    heard,
    counted,
    served: await clip(),
    ...(await look(before.id)),
  };
});

/** With a prompt of its own, and then with nothing at all. */
const third = once(async () => {
  const before = await second();
  const { id } = await first();
  const prompt = "cinematic slow pan left";
  expect((await regenerate(id, { prompt_override: prompt })).status).toBe(200);
  const heard = await follow(id, before.heard.at(-1)?.id);
  const [prompted, promptedClip] = [await look(id), await clip()];
  const plain = await regenerate(id);
  await follow(id, heard.at(-1)?.id);
  return { prompt, prompted, promptedClip, plain, after: await look(id) };
});

/** A clip that waits for its source, so that nothing is rendered. */
const pending = async (idem: string) =>
  assetOf(await site.nobody.get(project.proxy("slow.png", `?idem=${idem}`)));

describe("regenerate", () => {
  check("R01", async () => {
    const { before, during, served } = await second();
    expect([during.status, during.bytes]).toEqual([200, before.served.bytes]);
    expect(served.status).toBe(200);
    expect(served.bytes).not.toEqual(before.served.bytes);
  });
  check("R02", async () => {
    const { before, served, asset } = await second();
    expect([assetOf(served), asset["id"]]).toEqual([before.id, before.id]);
    expect(asset["mp4_url"]).toBe(before.asset["mp4_url"]);
    expect(served.headers.get("etag")).not.toBe(before.served.headers.get("etag"));
  });
  check("R03", async () => {
    const { before, answer } = await second();
    expect([answer.status, answer.json]).toEqual([200, { asset_id: before.id, status: "pending" }]);
  });
  check("R04", async () => {
    const etags = [(await second()).before.served, (await second()).served];
    expect(new Set(etags.map(({ headers }) => headers.get("etag"))).size).toBe(2);
  });
  check("R05", async () => {
    const { before, asset } = await second();
    expect(before.asset["vision_prompt"]).not.toContain("Zephyrine");
    expect(asset["vision_prompt"]).toContain("Zephyrine");
  });
  check("R06", async () => {
    const { before, asset, generations } = await second();
    expect(asset["bytes"]).not.toBe(before.asset["bytes"]);
    expect(asset["current_generation_id"]).not.toBe(before.asset["current_generation_id"]);
    expect(new Set(generations.map((row) => row["mp4_url"])).size).toBe(2);
  });
  check("R07", async () => {
    const { asset, generations } = await second();
    const { vision_prompt: prompt, loop_mode: loop } = generations[0] ?? {};
    expect([asset["vision_prompt"], asset["loop_mode"]]).toEqual([prompt, loop]);
    expect(prompt).not.toBe(generations[1]?.["vision_prompt"]);
  });
  check("R08", async () => {
    const { before, asset } = await second();
    expect(asset["model"]).toBe(before.asset["model"]);
  });
  check("R09", async () => {
    const { before, asset, generations } = await second();
    expect([before.asset["generation_count"], asset["generation_count"]]).toEqual([1, 2]);
    expect(generations.map((row) => row["attempt_no"])).toEqual([2, 1]);
  });
  check("R10", async () => {
    const { before, served } = await second();
    const tags = [before.served, served].map(({ headers }) => headers.get("surrogate-key"));
    expect(tags).toEqual([before.id, before.id]);
    expect(purges.length).toBeGreaterThanOrEqual(2);
    for (const purge of purges) expect(purge).toEqual({ method: "PURGE", tag: before.id });
  });
  check("R11", async () => {
    const { plain } = await third();
    expect([plain.status, plain.json["status"]]).toEqual([200, "pending"]);
  });
  check("R12", async () => {
    const { generations } = (await third()).after;
    const kept = { motion: "subtle", mode: "animate-in", dur_seconds: 2, seed: 1 };
    expect(generations.at(-1)).toMatchObject(kept);
    // What the regenerate before it changed is the current value from then on.
    const changed = { motion: "kinetic", seed: 2 };
    expect(generations[0]).toMatchObject({ ...kept, ...changed });
    expect((await third()).after.asset["aspect"]).toBe("preserve");
  });
  check("R13", async () => {
    const id = assetOf(await site.nobody.get(project.proxy("missing.png", "?idem=all")));
    const first = await follow(id);
    const options = { motion: "kinetic", mode: "loop", dur_seconds: 4, seed: 42 };
    const body = { ...options, prompt_override: "cinematic slow pan left" };
    expect((await regenerate(id, body)).status).toBe(200);
    expect((await look(id)).generations[0]).toMatchObject(body);
    for (const wrong of [{ motion: "wild" }, { mode: "x" }, { dur_seconds: 9 }, { seed: "1" }]) {
      const { status, json } = await regenerate(id, wrong);
      expect([status, typeof json["error"]]).toEqual([400, "string"]);
    }
    // It fails, and gives its charge back: not while another step counts.
    await follow(id, first.at(-1)?.id);
  });
  check("R14", async () => {
    const { prompt, prompted, after } = await third();
    expect(prompted.asset["vision_prompt"]).toContain(prompt);
    expect(prompted.generations[0]).toMatchObject({ prompt_override: prompt });
    expect(after.generations[0]).toMatchObject({ prompt_override: null });
    expect(after.asset["vision_prompt"]).not.toContain(prompt);
  });
  check("R28", async () => {
    const { prompt, prompted, promptedClip } = await third();
    expect(prompted.generations[0]).toMatchObject({ seed: 2, prompt_override: prompt });
    expect(promptedClip.bytes).toEqual((await second()).served.bytes);
  });
  check("R15", async () => {
    expect((await second()).counted).toBe(1);
    expect((await second()).before.used).toBe(0);
  });
  check("R16", async () => {
    const before = await site.used();
    await site.nobody.get(project.proxy("slow.png", "?mode=loop&idem=loop"));
    expect(await site.used()).toBe(before + 1);
  });
  check("R17", async () => {
    const { before, heard } = await second();
    expect(heard.map(({ event }) => event)).toEqual(before.heard.map(({ event }) => event));
  });
  check("R19", async () => {
    const { status, json } = await regenerate("0".repeat(16));
    expect([status, json]).toEqual([404, { error: "not found" }]);
  });
  check("R20", async () => {
    const stranger = await site.signUp("stranger@example.com");
    const { status, json } = await stranger.post(
      `/api/assets/${await pending("not-yours")}/regenerate`,
    );
    expect([status, json]).toEqual([404, { error: "not found" }]);
  });
  check("R23", async () => {
    const { id } = await first();
    const { status } = await site.nobody.post(`/api/assets/${id}/regenerate`);
    expect(status).toBe(401);
    expect(site.cookie).toMatch(/^better-auth\.session_token=/);
    expect((await second()).answer.status).toBe(200);
  });
  check("R24", async () => {
    const { id, asset } = await first();
    const body = { src: site.origin.urlOf("other.png") };
    const { status, json } = await regenerate(id, body);
    expect([status, typeof json["error"]]).toEqual([400, "string"]);
    expect((await third()).after.asset["src_url"]).toBe(asset["src_url"]);
  });
  check("R25", async () => {
    const other = assetOf(await site.nobody.get(project.proxy("slow-other.png", query)));
    expect(other).not.toBe((await first()).id);
  });
  check("R26", async () => {
    const { id, served } = await first();
    await third();
    expect((await clip("&v=1")).bytes).toEqual(served.bytes);
    const { generations } = await look(id);
    const path = `/api/assets/${id}/generations/${String(generations.at(-1)?.["id"])}/activate`;
    expect((await site.owner.post(path)).status).toBe(200);
    expect((await clip()).bytes).toEqual(served.bytes);
  });
  check("R27", async () => {
    expect(await pending("variant-a")).not.toBe(await pending("variant-b"));
  });
  // Last, since from here on the month is over.
  const exhausted = once(async () => {
    const { id } = await first();
    const me = (await site.owner.get("/api/user/me")).json;
    const changePlan = (plan: string) =>
      site.owner.send("PATCH", `/api/admin/users/${String(me["id"])}`, { body: { plan } });
    const fill = async (size: number) => {
      const src = site.origin.urlOf("slow.png");
      const items = Array.from({ length: size }, (_, index) => ({
        project_id: project.id,
        src,
        idem: `fill-${size}-${index}`,
      }));
      expect((await site.owner.post("/api/v1/prepare/batch", { items })).status).toBe(200);
    };
    await fill(5);
    await changePlan("free");
    const free = await regenerate(id);
    await fill(5);
    await changePlan("pro");
    await fill(100);
    return { free, pro: await regenerate(id) };
  });
  check("R21", async () => {
    const { status, json } = (await exhausted()).free;
    expect([status, json["error"]]).toEqual([429, "monthly generation limit reached"]);
  });
  check("R22", async () => {
    const { status, json } = (await exhausted()).pro;
    const error = "overage disabled — enable in project settings or upgrade plan";
    expect([status, json["error"]]).toEqual([429, error]);
  });
  check("E14", async () => {
    const { free, pro } = await exhausted();
    expect([...Object.keys(free.json), ...Object.keys(pro.json)]).toEqual(["error", "error"]);
  });
});
