import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser } from "playwright-core";
import { axeFindings, findBrowser, openBrowser, openWatched } from "../../support/browser.ts";
import { openTestServer } from "../test-server.ts";

const server = await openTestServer();
const url = `http://127.0.0.1:${server.port}/docs`;

describe.skipIf(!findBrowser())("the reference in a browser (needs Chromium)", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [390, 1280]) {
      test(`has no fault, ${colorScheme}, ${width} pixels wide`, async () => {
        const viewport = { width, height: 900 };
        const context = { colorScheme, viewport };
        const { page, faults, close } = await openWatched(browser, `${url}#prepareAsset`, {
          context,
        });
        expect(await axeFindings(page)).toEqual([]);
        const pageWidth = await page.evaluate("document.documentElement.scrollWidth");
        expect(pageWidth).toBeLessThanOrEqual(width);
        expect(faults).toEqual([]);
        await close();
      });
    }
  }

  test("opens the operation that its address names, and names the one that is opened", async () => {
    const { page, close } = await openWatched(browser, `${url}#prepareAsset`);
    expect(await page.locator("#prepareAsset").isVisible()).toBe(true);
    expect(await page.locator("#cancelAsset").isVisible()).toBe(false);
    await page.getByRole("link", { name: "Stop what is being made of an asset" }).click();
    await page.locator("#cancelAsset").waitFor();
    expect(new URL(page.url()).hash).toBe("#cancelAsset");
    await close();
  });

  test("finds a route by words, from the keyboard", async () => {
    const { page, close } = await openWatched(browser, url);
    await page.keyboard.press("/");
    await page.keyboard.type("api/v1 upload");
    const visible = page.locator(".operation:visible .what");
    expect(await visible.allTextContents()).toEqual([
      "Upload a source picture",
      "The caller's uploads, newest first",
      "Delete an upload",
    ]);
    expect(await page.locator("nav li:visible").count()).toBe(3);
    await close();
  });

  test("copies a command", async () => {
    const { page, close } = await openWatched(browser, `${url}#prepareAsset`);
    await page.locator("#prepareAsset").getByRole("button", { name: "Copy" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await page.evaluate<string>("navigator.clipboard.readText()");
    expect(copied).toStartWith("curl -X POST");
    expect(copied).toContain('"Authorization: Bearer $MOTIONESS_API_KEY"');
    await close();
  });

  test("is all there without scripts", async () => {
    const context = { javaScriptEnabled: false };
    const { page, close } = await openWatched(browser, `${url}#prepareAsset`, { context });
    await page.locator("#prepareAsset").waitFor();
    await close();
  });
});
