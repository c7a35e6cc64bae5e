import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { axeFindings, findBrowser, openBrowser, openWatched } from "../support/browser.ts";
import { clipboard, moves } from "../support/page-actions.ts";
import type { ServerProcess } from "../support/server-process.ts";
import { startServerProcess } from "../support/server-process.ts";

const photo = join(import.meta.dir, "..", "..", "assets", "samples", "cat.jpg");

/** Five clips are made, four of them the samples', on a machine that may be busy. */
const limitMs = 180_000;

describe.skipIf(findBrowser() === undefined)("a first run, in a browser", () => {
  let dataDir: string;
  let server: ServerProcess;
  let browser: Browser;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "motioness-first-run-"));
    server = await startServerProcess({ dataDir });
    browser = await openBrowser();
  }, limitMs);

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  test(
    "a dropped photograph moves beside its still, at a URL that serves it",
    async () => {
      const { page, faults, close } = await openWatched(browser, `${server.url}/`);
      try {
        page.setDefaultTimeout(limitMs);
        await page.waitForSelector(".sample >> nth=3");
        await page.setInputFiles("#file", photo);
        const passed = await stagesUntilReady(page);
        expect(passed).toEqual([
          "queued",
          "vision",
          "stage1",
          "stage2",
          "merge",
          "stored",
          "ready",
        ]);
        await moves(page, "#compare video");
        expect(await axeFindings(page)).toEqual([]);

        await page.click("text=Copy URL");
        const mp4Url = await clipboard(page);
        expect(mp4Url).toMatch(/\/v1\/pk_\w+\/127\.0\.0\.1:\d+\/uploads\/.*\.jpg\.mp4\?motion=/);
        const clip = await fetch(mp4Url);
        expect(clip.headers.get("content-type")).toBe("video/mp4");
        expect(new TextDecoder().decode((await clip.bytes()).subarray(4, 8))).toBe("ftyp");

        await page.waitForFunction(
          () => document.querySelectorAll(".sample video[src]").length === 4,
        );
        await page.locator(".sample").first().scrollIntoViewIfNeeded();
        await moves(page, ".sample video");
        expect(faults).toEqual([]);
      } finally {
        await close();
      }
    },
    limitMs,
  );

  test(
    "a cropped take from the form has the shape that was asked for",
    async () => {
      const { page, faults, close } = await openWatched(browser, `${server.url}/`);
      try {
        page.setDefaultTimeout(limitMs);
        await page.setInputFiles("#file", photo);
        await page.waitForSelector("#clip");
        await page.check('[name="mode"][value="animate-in"]', { force: true });
        await page.check('[name="aspect"][value="1:1"]', { force: true });
        await page.fill("#dur", "2");
        await page.click("text=Make this take");
        await page.waitForSelector("#clip-url >> text=aspect=1:1");
        await moves(page, "#compare video");
        expect(await page.textContent("#figures")).toMatch(/Size(\d+) × \1Length2\.0 s/);
        expect(faults).toEqual([]);
      } finally {
        await close();
      }
    },
    limitMs,
  );
});

/** The stages that were done, in order, when the clip was there. */
async function stagesUntilReady(page: Page): Promise<readonly string[]> {
  await page.waitForSelector("#clip");
  return page
    .locator('#work-stages [data-state="done"]')
    .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset["stage"] ?? ""));
}
