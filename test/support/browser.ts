import { existsSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { chromium } from "playwright-core";

const executables = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A browser of this machine, or undefined: the tests that need one are then skipped by name. */
export function findBrowser(): string | undefined {
  return executables.find((path) => existsSync(path));
}

/** Starts the browser without anything that would reach beyond this machine. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error(`none of ${executables.join(", ")} is there`);
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Less than a test's own limit, so that a wait in vain says what it waited for. */
const waitMsMax = 10_000;

export interface WatchedPage {
  readonly page: Page;
  /** Everything that a page without fault does not do: errors, and requests to other hosts. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

export interface WatchOptions {
  readonly context?: BrowserContextOptions;
  /** Statuses that the test provokes: browsers report every 4xx and 5xx as a console error. */
  readonly expectedStatuses?: readonly number[];
}

/** Opens a page and notes its faults from the first request on. */
export async function openWatched(
  browser: Browser,
  url: string,
  { context, expectedStatuses = [] }: WatchOptions = {},
): Promise<WatchedPage> {
  const opened = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
    ...context,
  });
  const page = await opened.newPage();
  page.setDefaultTimeout(waitMsMax);
  const faults: string[] = [];
  const { origin } = new URL(url);
  page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    const isExpected = expectedStatuses.some((status) => text.includes(`status of ${status} `));
    if (["error", "warning"].includes(message.type()) && !isExpected) faults.push(text);
  });
  page.on("request", (request) => {
    const target = request.url();
    if (!target.startsWith(`${origin}/`) && !target.startsWith("blob:")) faults.push(target);
  });
  await page.goto(url);
  return { page, faults, close: () => opened.close() };
}

/** What axe finds wrong with the page as it stands, one line a finding. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join(" | ")}`);
}
