import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { findBrowser } from "../support/browser.ts";
import { createGateKeeper } from "../support/gate-keeper.ts";
import { clipboard, giveFile, makeClip, moves, photo, setHidden } from "../support/page-actions.ts";
import type { Script } from "../support/scripted-server.ts";
import { loopEvents, projectKey } from "../support/scripted-server.ts";
import type { Visits } from "../support/visits.ts";
import { openVisits } from "../support/visits.ts";

// A browser on a busy machine takes its time.
setDefaultTimeout(20_000);

const calm: Script = { samples: [], events: loopEvents };

describe.skipIf(findBrowser() === undefined)("the page, in a browser", () => {
  let visits: Visits;

  beforeAll(async () => {
    visits = await openVisits();
  });

  afterAll(() => visits?.close());

  test("shows each stage as it passes, then the clip beside the still", async () => {
    const keeper = createGateKeeper();
    const script = {
      ...calm,
      before: ({ name, stage }: { name: string; stage?: string }) =>
        keeper.pass(stage === undefined ? name : `${name} ${stage}`),
    };
    await visits.visit(script, async (page) => {
      await page.setInputFiles("#file", photo);
      const active = (stage: string) =>
        page.waitForSelector(`[data-stage="${stage}"][data-state="active"]`);
      for (const step of ["queued", "vision_started", "vision_completed"]) keeper.open(step);
      keeper.open("stage_started stage1");
      await active("stage1");
      expect(await page.textContent("#live")).toBe("Stage 1: setting it in motion");
      expect(await page.isVisible("#clip")).toBe(false);
      keeper.open("stage_completed stage1");
      keeper.open("stage_started stage2");
      await active("stage2");
      keeper.openAll();
      await page.waitForSelector("#clip");
      await moves(page, "#compare video");
      expect(await page.locator('#work-stages [data-state="done"]').count()).toBe(7);
      expect(await page.textContent("#work-title")).toMatch(/^Made in \d+\.\d s$/);
      expect(await page.textContent("#figures")).toMatch(/320 × 214.*1\.0 s.*9 KB.*native/);
    });
  });

  test("gives the URL and the HTML to copy, and says that it did", async () => {
    await visits.visit(calm, async (page, { url }) => {
      await makeClip(page);
      await page.click("text=Copy URL");
      await page.waitForSelector("text=Copied");
      const host = url.slice("http://".length, -1);
      const upload = `${host}/uploads/usr_demo/1700000000000-1.jpg`;
      const mp4Url = `${url}v1/${projectKey}/${upload}.mp4?motion=medium&mode=loop&dur=4`;
      expect(await clipboard(page)).toBe(mp4Url);
      await page.click("text=Copy HTML");
      expect(await clipboard(page)).toContain(`<video src="${mp4Url.replaceAll("&", "&amp;")}"`);
      expect(await page.getAttribute("#clip-download", "href")).toBe(mp4Url);
    });
  });

  test("makes another take from the form, at a URL of its own", async () => {
    await visits.visit(calm, async (page, server) => {
      await makeClip(page);
      await page.check('[name="motion"][value="kinetic"]', { force: true });
      await page.check('[name="mode"][value="animate-on-hover"]', { force: true });
      await page.check('[name="aspect"][value="1:1"]', { force: true });
      await page.fill("#dur", "6");
      await page.click("#shuffle");
      const seed = await page.inputValue("#seed");
      expect(seed).toMatch(/^\d+$/);
      await page.click("text=Make this take");
      await page.waitForFunction(() =>
        document.querySelector("#clip-url")?.textContent?.includes("kinetic"),
      );
      const query = `motion=kinetic&mode=animate-on-hover&dur=6&aspect=1:1&seed=${seed}`;
      expect(await page.textContent("#clip-url")).toEndWith(`.mp4?${query}`);
      expect(server.requests.filter((line) => line.startsWith("POST"))).toHaveLength(1);
    });
  });

  test("plays an on-hover clip while it is pointed at, and returns it to its start", async () => {
    await visits.visit(calm, async (page) => {
      await makeClip(page);
      await page.check('[name="mode"][value="animate-on-hover"]', { force: true });
      await page.click("text=Make this take");
      await page.waitForSelector('.play[data-state="paused"]');
      await page.hover("#compare");
      await moves(page, "#compare video");
      await page.hover("h1");
      await page.waitForFunction(() => {
        const video = document.querySelector<HTMLVideoElement>("#compare video");
        return video?.paused && video.currentTime === 0;
      });
    });
  });

  test("takes a dropped file and a pasted one", async () => {
    await visits.visit(calm, async (page, server) => {
      await giveFile(page, "drop", photo);
      await page.waitForSelector("#clip");
      expect(await page.textContent("#clip-url")).toContain("1700000000000-1.jpg");
      await giveFile(page, "paste", photo);
      await page.waitForSelector("#clip-url >> text=1700000000000-2.jpg");
      expect(server.requests.filter((line) => line.startsWith("POST"))).toHaveLength(2);
    });
  });

  test("refuses what cannot be animated before anything is sent", async () => {
    await visits.visit(calm, async (page, server) => {
      const problem = page.locator("#problem p");
      const give = (name: string, buffer: Buffer) =>
        page.setInputFiles("#file", { name, mimeType: "image/png", buffer });
      await give("big.png", Buffer.alloc(10 * 1024 * 1024 + 1));
      await problem.filter({ hasText: "10 MB is the most" }).waitFor();
      await give("text.png", Buffer.from("hello, I am a text"));
      await problem.filter({ hasText: "not a PNG, JPEG or WebP" }).waitFor();
      await give("cut.png", Buffer.from("\x89PNG\r\n\x1a\nand no more", "latin1"));
      await problem.filter({ hasText: "damaged" }).waitFor();
      await give("small.webp", smallestWebp);
      await problem.filter({ hasText: "1 × 1" }).waitFor();
      expect(server.requests.filter((line) => line.startsWith("POST"))).toEqual([]);
    });
  });

  test("tells in a sentence why an upload was refused, and tries again on demand", async () => {
    let refusals = 1;
    const script: Script = {
      ...calm,
      intercept: ({ method }) =>
        method === "POST" && refusals-- > 0
          ? Response.json({ error: "monthly limit reached" }, { status: 429 })
          : undefined,
    };
    const look = async (page: Page) => {
      await page.setInputFiles("#file", photo);
      await page.waitForSelector("#problem >> text=monthly limit reached");
      await page.click("#problem button");
      await page.waitForSelector("#clip");
      expect(await page.isVisible("#problem")).toBe(false);
    };
    await visits.visit(script, look, { expectedStatuses: [429] });
  });

  test("tells why a generation failed, and makes another take at another seed", async () => {
    const failing = [
      ...loopEvents.slice(0, 4),
      { name: "stage_failed", stage: "stage1", error_code: "i2v_failed", error_msg: "no frames" },
      { name: "failed", error_code: "i2v_failed", error_msg: "no frames" },
    ];
    const look = async (page: Page) => {
      await page.setInputFiles("#file", photo);
      await page.waitForSelector("#problem >> text=The motion could not be made");
      expect(await page.textContent("#problem")).toContain("no frames");
      await page.waitForSelector('[data-stage="stage1"][data-state="failed"]');
      expect(await page.textContent("#problem button")).toBe("Try another take");
      const another = page.waitForRequest(/\.mp4\?.*&seed=\d+$/);
      await page.click("#problem button");
      await another;
    };
    await visits.visit({ ...calm, events: failing }, look, { expectedStatuses: [502] });
  });

  test("asks again when the event stream is refused", async () => {
    const keeper = createGateKeeper();
    let refusals = 2;
    const script: Script = {
      ...calm,
      before: ({ name }) => (name === "ready" ? keeper.pass(name) : undefined),
      intercept: ({ url }) => {
        if (!url.includes("/events/")) return undefined;
        if (refusals-- > 0) return Response.json({ error: "internal error" }, { status: 500 });
        keeper.openAll();
        return undefined;
      },
    };
    await visits.visit(script, makeClip, { expectedStatuses: [500] });
  });

  test("keeps no event stream while its tab is hidden, and goes on when it is shown", async () => {
    const keeper = createGateKeeper();
    const script: Script = {
      ...calm,
      before: ({ name }) => (name === "ready" ? keeper.pass(name) : undefined),
    };
    await visits.visit(script, async (page, server) => {
      await page.setInputFiles("#file", photo);
      await page.waitForSelector('[data-stage="stored"][data-state="done"]');
      expect(server.streamsOpen()).toBe(1);
      await setHidden(page, true);
      await until(() => server.streamsOpen() === 0);
      keeper.openAll();
      await setHidden(page, false);
      await page.waitForSelector("#clip");
    });
  });

  test("plays each sample as it becomes ready, with at most three streams at once", async () => {
    const keeper = createGateKeeper();
    const script: Script = {
      samples: ["Rocket", "Coffee", "Cat", "Portrait"],
      events: loopEvents,
      before: ({ name }, path) =>
        name === "r2_write_completed"
          ? keeper.pass(/(\w+)\.jpg\.mp4/.exec(path)?.[1] ?? "")
          : undefined,
    };
    await visits.visit(script, async (page, server) => {
      const first = page.locator(".sample", { hasText: "Rocket" });
      await first.locator(".chip", { hasText: "Stored" }).waitFor();
      await page.setInputFiles("#file", photo);
      await page.waitForSelector('[data-stage="stored"][data-state="active"]');
      keeper.open("rocket");
      await first.scrollIntoViewIfNeeded();
      await moves(page, ".sample video");
      expect(await first.locator(".chip").textContent()).toBe("");
      keeper.openAll();
      await page.waitForFunction(
        () => document.querySelectorAll(".sample video[src]").length === 4,
      );
      expect(server.streamsPeak()).toBe(3);
      await page.click("#pause-all");
      await page.waitForFunction(() =>
        [...document.querySelectorAll("video")].every((video) => video.paused),
      );
    });
  });
});

/** A WebP of one pixel. */
const smallestWebp = Buffer.from(
  "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA",
  "base64",
);

const pollMs = 20;
const pollsMax = 500;

/** Waits for what another process does and tells nobody of. */
async function until(isSo: () => boolean): Promise<void> {
  for (let poll = 0; poll < pollsMax && !isSo(); poll++) await Bun.sleep(pollMs);
  expect(isSo()).toBe(true);
}
