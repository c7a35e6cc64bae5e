import { afterEach, expect, test } from "bun:test";
import type { Answer } from "./client.ts";
import { openSite, type Site, startTimeoutMs } from "./site.ts";

let site: Site | undefined;
afterEach(() => site?.stop());

const [requests, tuples] = [1000, 50];

/** A thousand prepares at once, over fifty clips whose sources never come. */
async function prepareAll(environment: Readonly<Record<string, string>>) {
  site = await openSite({ MOTIONESS_CONCURRENCY: "1", ...environment });
  const { owner, origin, openProject, used } = site;
  const { id } = await openProject();
  const before = await used();
  const prepare = (index: number) =>
    owner.post("/api/v1/prepare", {
      project_id: id,
      src: origin.urlOf("slow.png"),
      dur_seconds: 2,
      idem: `tuple-${index % tuples}`,
    });
  const answers = await Promise.all(Array.from({ length: requests }, (_, index) => prepare(index)));
  const { assets } = (await owner.get(`/api/projects/${id}/assets?limit=100`)).json;
  return {
    answers,
    assets: assets as readonly { readonly id: string; readonly generation_count: number }[],
    charges: (await used()) - before,
  };
}

const idsOf = (answers: readonly Answer[]) =>
  new Set(answers.map(({ json }) => String(json["asset_id"])));

test(
  "a thousand prepares at once over fifty tuples make fifty assets and fifty charges",
  async () => {
    const limits = JSON.stringify({ prepare: 100_000 });
    const { answers, assets, charges } = await prepareAll({ MOTIONESS_RATE_LIMITS: limits });
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ json }) => json["status"]))).toEqual(new Set(["pending"]));
    expect(idsOf(answers).size).toBe(tuples);
    expect(new Set(assets.map(({ id }) => id))).toEqual(idsOf(answers));
    expect(assets.map((asset) => asset.generation_count)).toEqual(Array(tuples).fill(1));
    expect(charges).toBe(tuples);
  },
  startTimeoutMs,
);

test(
  "with the documented limit sixty a minute are answered, and the rest is told when",
  async () => {
    const { answers, assets, charges } = await prepareAll({});
    const taken = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 429);
    expect([taken.length, refused.length]).toEqual([60, requests - 60]);
    for (const { json, headers } of refused) {
      const retryAfterMs = Number(json["retry_after_ms"]);
      expect(json).toEqual({ error: "rate limited", retry_after_ms: retryAfterMs });
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(retryAfterMs).toBeLessThanOrEqual(60_000);
      // Whole seconds, rounded up to five, so that not all come back at once, and none too early.
      const fives = Math.ceil(retryAfterMs / 5000);
      expect(headers.get("retry-after")).toBe(String(fives * 5));
    }
    expect(new Set(assets.map(({ id }) => id))).toEqual(idsOf(taken));
    expect(charges).toBe(assets.length);
  },
  startTimeoutMs,
);
