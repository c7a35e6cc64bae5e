import { setImmediate as untilLater } from "node:timers/promises";
import { AppError } from "../errors.ts";
import type { BrandContext } from "./brand.ts";
import { extractContent } from "./extract/content.ts";
import { extractDesign } from "./extract/design.ts";
import { extractIdentity } from "./extract/identity.ts";
import { extractMessaging } from "./extract/messaging.ts";
import { extractColours } from "./extract/palette.ts";
import { type Declaration, parseCss } from "./site/css.ts";
import { textOf } from "./site/html.ts";
import { chooseLinks, findStyleSheets, fontsLoadedBy } from "./site/links.ts";
import { metaOf, type Page, type PageText, parsePage } from "./site/page.ts";
import { parseRobots, type RobotsRules } from "./site/robots.ts";
import { agent, cssFile, htmlFile, readSiteFile, robotsFile, type SiteDeps } from "./site/site.ts";

export interface CrawlResult {
  readonly brand: BrandContext;
  /** What each page says, in plain text, the start page first. */
  readonly texts: readonly PageText[];
}

export const pagesMax = 8;
/** Of one page, in characters. */
const textLengthMax = 6000;
const styleSheetsMax = 8;
/** Beyond it, a site has styled everything that this looks at. */
const declarationsMax = 20_000;

/**
 * Reads a site, from one of its pages, and makes a brand of it: at most eight pages of the one
 * host, one after the other. What cannot be read of it is left out, but for the first page.
 * @throws AppError `source_unfetchable` when that one cannot be read; the signal's reason.
 */
export async function crawlSite(deps: SiteDeps, start: string): Promise<CrawlResult> {
  const address = URL.parse(start);
  if (!address) throw new AppError("source_unfetchable", "the URL of the site cannot be read");
  const mayRead = await readRobots(deps, address);
  if (!mayRead(pathOf(address))) {
    throw new AppError(
      "source_unfetchable",
      "the site's robots.txt does not let this page be read",
    );
  }
  const first = await readPage(deps, address);
  const pages = [first, ...(await readFurther(deps, first, mayRead))];
  const css = await readStyles(deps, first, mayRead);
  const brand = await makeBrand(pages, first, css);
  return {
    brand,
    texts: pages.map(({ url, root }) => ({ url: url.href, text: textOf(root, textLengthMax) })),
  };
}

/** A site without rules, or whose rules cannot be read, may be read. */
async function readRobots(deps: SiteDeps, address: URL): Promise<RobotsRules> {
  const rules = await attempt(
    deps,
    readSiteFile(deps, new URL("/robots.txt", address), robotsFile),
  );
  return parseRobots(rules?.text ?? "", agent);
}

async function readPage(deps: SiteDeps, url: URL): Promise<Page> {
  const file = await readSiteFile(deps, url, htmlFile);
  return parsePage(file.url, file.text, pause);
}

async function readFurther(
  deps: SiteDeps,
  first: Page,
  mayRead: RobotsRules,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (const url of chooseLinks(first).filter((link) => mayRead(pathOf(link)))) {
    if (pages.length >= pagesMax - 1) break;
    const page = await attempt(deps, readPage(deps, url));
    if (page && page.url.host === first.url.host) pages.push(page);
  }
  return pages;
}

async function readStyles(
  deps: SiteDeps,
  first: Page,
  mayRead: RobotsRules,
): Promise<readonly Declaration[]> {
  const { links, inline } = findStyleSheets(first);
  const css: Declaration[] = [];
  const wanted = links.filter((link) => mayRead(pathOf(link))).slice(0, styleSheetsMax);
  for (const url of wanted) {
    const sheet = await attempt(deps, readSiteFile(deps, url, cssFile));
    if (sheet) css.push(...parseCss(sheet.text));
    await pause();
  }
  // The page's own rules count more, as they mostly do in a browser.
  for (const sheet of inline) css.push(...parseCss(sheet));
  return css.slice(-declarationsMax);
}

async function makeBrand(
  pages: readonly Page[],
  first: Page,
  css: readonly Declaration[],
): Promise<BrandContext> {
  const identity = extractIdentity(first);
  const colors = extractColours(css, metaOf(first, "theme-color"));
  await pause();
  const { designContext, fonts } = extractDesign({
    css,
    colours: colors,
    declaredScheme:
      metaOf(first, "color-scheme") ??
      css.find(
        ({ property, selector }) => property === "color-scheme" && /root|html|body/.test(selector),
      )?.value,
    loadedFonts: fontsLoadedBy(first),
  });
  await pause();
  const contentInventory = await extractContent(pages, identity, pause);
  return {
    brandName: identity.name,
    ...(Object.keys(colors).length === 0 ? {} : { colors }),
    ...(fonts === undefined ? {} : { fonts }),
    ...(identity.logoUrl === undefined ? {} : { logoUrl: identity.logoUrl }),
    contentInventory,
    messagingContext: extractMessaging(first, contentInventory),
    designContext,
  };
}

/** What a site may lack. The time that is up, or a crawl that is not wanted any more, is not. */
async function attempt<T>({ signal }: SiteDeps, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof AppError) return undefined;
    throw thrown;
  }
}

function pathOf({ pathname, search }: URL): string {
  return pathname + search;
}

/** Lets everything else of the server have its turn. */
async function pause(): Promise<void> {
  await untilLater();
}
