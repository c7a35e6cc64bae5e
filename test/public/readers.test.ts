import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { axeFindings, findBrowser } from "../support/browser.ts";
import { createGateKeeper } from "../support/gate-keeper.ts";
import { clipboard, moves, photo, tabTo } from "../support/page-actions.ts";
import type { Script, ScriptedServer } from "../support/scripted-server.ts";
import { loopEvents } from "../support/scripted-server.ts";
import type { Visits } from "../support/visits.ts";
import { openVisits } from "../support/visits.ts";

// A browser on a busy machine takes its time.
setDefaultTimeout(20_000);

const calm: Script = { samples: [], events: loopEvents };

describe.skipIf(findBrowser() === undefined)("the page, for every reader", () => {
  let visits: Visits;

  beforeAll(async () => {
    visits = await openVisits();
  });

  afterAll(() => visits?.close());

  test("loads and plays nothing by itself where less motion is preferred", async () => {
    const script: Script = { samples: ["Rocket"], events: loopEvents };
    const look = async (page: Page) => {
      const button = page.locator(".sample .play");
      await button.scrollIntoViewIfNeeded();
      expect(await button.getAttribute("aria-label")).toBe("Play Rocket");
      expect(await page.locator(".sample video").getAttribute("src")).toBeNull();
      await button.click();
      await moves(page, ".sample video");
      expect(await button.getAttribute("aria-label")).toBe("Pause Rocket");
    };
    await visits.visit(script, look, { context: { reducedMotion: "reduce" } });
  });

  test("explains the URL where the server has no demo", async () => {
    const look = async (page: Page, { url }: ScriptedServer) => {
      await page.waitForSelector("#no-demo");
      expect(await page.isVisible("#drop-zone")).toBe(false);
      const example = `${url}v1/pk_your_project/cdn.example.com/photo.png.mp4`;
      expect(await page.textContent("#no-demo pre")).toBe(example);
      expect(await axeFindings(page)).toEqual([]);
    };
    await visits.visit({ ...calm, samples: undefined }, look, { expectedStatuses: [404] });
  });

  test("keeps the chosen theme", async () => {
    await visits.visit(calm, async (page) => {
      const ground = () =>
        page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      const light = await ground();
      await page.check('#theme [value="dark"]', { force: true });
      const dark = await ground();
      expect(dark).not.toBe(light);
      await page.reload();
      expect(await ground()).toBe(dark);
      expect(await page.isChecked('#theme [value="dark"]')).toBe(true);
    });
  });

  test("can be used with the keyboard alone", async () => {
    await visits.visit(calm, async (page) => {
      // Asked for in good time: the browser must know that a test will answer its dialog.
      const chooser = page.waitForEvent("filechooser");
      await tabTo(page, "#file");
      await page.keyboard.press("Enter");
      await (await chooser).setFiles(photo);
      await page.waitForSelector("#clip");
      await tabTo(page, "#compare input");
      await page.keyboard.press("ArrowRight");
      expect(await page.getAttribute("#compare input", "aria-valuetext")).toBe(
        "51 % still, 49 % clip",
      );
      await tabTo(page, "#compare .play");
      await page.keyboard.press("Space");
      await page.waitForSelector('#compare .play[aria-label="Play the clip"]');
      await tabTo(page, '[data-copies="clip-url"]');
      await page.keyboard.press("Enter");
      expect(await clipboard(page)).toContain(".mp4?");
      const again = page.waitForEvent("filechooser");
      await tabTo(page, "#another");
      await page.keyboard.press("Enter");
      await again;
    });
  });

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 360],
    ["dark", 360],
  ] as const)("has no fault that axe finds, %s and %d px wide", async (colorScheme, width) => {
    const keeper = createGateKeeper();
    const script: Script = {
      samples: ["Rocket"],
      events: loopEvents,
      before: ({ name }) => (name === "r2_write_completed" ? keeper.pass(name) : undefined),
    };
    const look = async (page: Page) => {
      await page.waitForSelector(".sample");
      expect(await axeFindings(page)).toEqual([]);
      await page.setInputFiles("#file", photo);
      await page.waitForSelector('[data-stage="stored"][data-state="active"]');
      expect(await axeFindings(page)).toEqual([]);
      keeper.openAll();
      await page.waitForSelector("#clip");
      expect(await axeFindings(page)).toEqual([]);
      const overflow = () => document.documentElement.scrollWidth - innerWidth;
      expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
    };
    const context = { colorScheme, viewport: { width, height: 800 } };
    await visits.visit(script, look, { context });
  });
});
