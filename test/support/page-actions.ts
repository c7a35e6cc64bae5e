import { join } from "node:path";
import type { Page } from "playwright-core";

/** A photograph to animate. */
export const photo = join(import.meta.dir, "..", "..", "assets", "samples", "coffee.jpg");

/** Gives the page a photograph and waits for the clip. */
export async function makeClip(page: Page): Promise<void> {
  await page.setInputFiles("#file", photo);
  await page.waitForSelector("#clip");
}

/** Waits until a video has a picture and its time has gone on. */
export async function moves(page: Page, selector: string): Promise<void> {
  await page.waitForFunction((css) => {
    const video = document.querySelector<HTMLVideoElement>(css);
    return video !== null && video.videoWidth > 0 && video.currentTime > 0.05;
  }, selector);
}

/** What the clipboard holds. */
export function clipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Drops or pastes a file, as a reader would. */
export async function giveFile(page: Page, name: "drop" | "paste", path: string): Promise<void> {
  const base64 = Buffer.from(await Bun.file(path).arrayBuffer()).toString("base64");
  await page.evaluate(
    ([eventName, content]) => {
      const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], "coffee.jpg", { type: "image/jpeg" }));
      const init = { bubbles: true, cancelable: true };
      const event =
        eventName === "drop"
          ? new DragEvent("drop", { ...init, dataTransfer: data })
          : new ClipboardEvent("paste", { ...init, clipboardData: data });
      document.body.dispatchEvent(event);
    },
    [name, base64] as const,
  );
}

const tabsMax = 40;

/** Presses Tab until the element has the focus. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let press = 0; press < tabsMax; press++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((css) => document.activeElement?.matches(css), selector)) return;
  }
  throw new Error(`Tab does not reach ${selector}`);
}

/** Tells the page that its tab is hidden or shown: a headless browser has no tab to hide. */
export function setHidden(page: Page, isHidden: boolean): Promise<void> {
  return page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
    document.dispatchEvent(new Event("visibilitychange"));
  }, isHidden);
}
