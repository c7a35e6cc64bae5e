import { afterAll, beforeAll, describe, expect } from "bun:test";
import { check, once } from "./check.ts";
import { assetOf, openSite, type Project, type Site, startTimeoutMs } from "./site.ts";
import { subscribe } from "./stream.ts";

const upgradeUrl = "https://example.com/pricing";
let site: Site;
let project: Project;
beforeAll(async () => {
  // With this threshold every still is NSFW; those below never come so far.
  site = await openSite({
    MOTIONESS_UPGRADE_URL: upgradeUrl,
    MOTIONESS_NSFW: "0",
    MOTIONESS_RATE_LIMITS: '{"prepare_batch":100}',
  });
  project = await site.openProject();
}, startTimeoutMs);
afterAll(() => site.stop());

const setPlan = async (plan: string) => {
  const { json } = await site.owner.get("/api/user/me");
  const changed = await site.owner.send("PATCH", `/api/admin/users/${String(json["id"])}`, {
    body: { plan },
  });
  expect([changed.status, changed.json["user"]]).toMatchObject([200, { plan }]);
};

const one = (idem: string) => site.nobody.get(project.proxy("slow.png", `?idem=${idem}`));

let count = 0;
/** Starts so many generations, a hundred a request. @returns how many of them there was room for. */
const start = async (wanted: number): Promise<number> => {
  let started = 0;
  for (let left = wanted; left > 0; left -= 100) {
    const items = Array.from({ length: Math.min(100, left) }, () => ({
      project_id: project.id,
      src: site.origin.urlOf("slow.png"),
      idem: `n${count++}`,
    }));
    const { status, json } = await site.owner.post("/api/v1/prepare/batch", { items });
    expect(status).toBe(200);
    const results = json["results"] as readonly { readonly status?: string }[];
    started += results.filter((result) => result.status === "pending").length;
  }
  return started;
};

/** Each plan is filled up to its end, one after the other: the month is the same. */
const free = once(async () => {
  await setPlan("free");
  const started = await start(8);
  const refused = await one("sixth");
  await setPlan("pro");
  return { started, refused, afterUpgrade: await one("seventh") };
});
const pro = once(async () => {
  const before = await free();
  await setPlan("pro");
  const used = await site.used();
  const started = await start(100);
  const refused = await one("overage");
  const enable = { body: { overage_enabled: true } };
  await site.owner.send("PATCH", `/api/projects/${project.id}`, enable);
  const withOverage = await one("overage");
  const disable = { body: { overage_enabled: false } };
  await site.owner.send("PATCH", `/api/projects/${project.id}`, disable);
  return { before, used, started, refused, withOverage };
});
const team = once(async () => {
  await pro();
  await setPlan("team");
  const used = await site.used();
  return { used, started: await start(500), refused: await one("overage-2") };
});

describe("a source that is refused as NSFW", () => {
  const blocked = once(async () => {
    const id = assetOf(await site.nobody.get(project.proxy("still.png", "?dur=2")));
    return (await subscribe(site.nobody, `/v1/${project.key}/events/${id}`)).ended();
  });

  check("L17", async () => {
    const events = (await blocked()).map(({ event }) => event);
    expect(events).toEqual(["queued", "vision_started", "vision_failed", "failed"]);
  });
  check("E20", async () => {
    const [, , refused, failed] = await blocked();
    for (const { data } of [refused, failed].filter((one) => one !== undefined)) {
      expect(data["error_code"]).toBe("vision_blocked");
    }
  });
});

describe("the month's quota", () => {
  check("E62", async () => {
    expect((await free()).started).toBe(5);
  });
  check("E13", async () => {
    const { status, json } = (await free()).refused;
    const error = "monthly limit reached";
    expect([status, json]).toEqual([429, { error, upgrade_url: upgradeUrl }]);
  });
  check("E65", async () => {
    expect((await free()).afterUpgrade.status).toBe(202);
  });
  check("E63", async () => {
    const { used, started } = await pro();
    expect(used + started).toBe(100);
  });
  check("E66", async () => {
    const { refused, withOverage } = await pro();
    expect(refused.status).toBe(429);
    const error = "overage disabled — enable in project settings or upgrade plan";
    expect(refused.json["error"]).toBe(error);
    expect(withOverage.status).toBe(202);
  });
  check("E64", async () => {
    const { used, started, refused } = await team();
    expect(used + started).toBe(500);
    expect(refused.status).toBe(429);
  });
  check("E30", async () => {
    // What is in flight was reserved when it began: it goes on, although the month is over.
    await team();
    const { assets } = (await site.owner.get(`/api/projects/${project.id}/assets?limit=100`)).json;
    const rows = assets as readonly { readonly status: string; readonly error: string | null }[];
    expect(rows).toHaveLength(100);
    expect(rows.filter(({ error }) => error?.startsWith("quota_exceeded"))).toEqual([]);
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(["pending"]));
  });
});
