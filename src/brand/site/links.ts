import { closest } from "./html.ts";
import { addressOf, type Page } from "./page.ts";

/** What further pages are called, the most telling first. */
const telling: readonly RegExp[] = [
  /pric|plans/i,
  /features?|product|platform|solutions?/i,
  /about|company|story|mission/i,
  /customers?|testimonials?|stories|reviews/i,
  /changelog|news|blog|updates|press/i,
  /docs|developers?|quickstart|getting-started/i,
];
/** Of one page only. */
const linksMax = 500;
const notPages =
  /\.(?:pdf|zip|png|jpe?g|gif|webp|svg|mp4|webm|mp3|xml|json|css|js|ico|gz|exe|dmg)$|\/(?:login|log-in|signin|sign-in|signup|sign-up|register|cart|checkout|logout|account|wp-admin|api)(?:\/|$)/i;

/**
 * The further pages worth reading, of the same host and port, each once, the most telling first.
 * Of those that tell equally much the shorter path wins: `/blog` before one of its posts.
 */
export function chooseLinks(page: Page): readonly URL[] {
  const seen = new Set([pageKey(page.url)]);
  const links: URL[] = [];
  for (const element of page.all.filter(({ name }) => name === "a").slice(0, linksMax)) {
    if (/\bnofollow\b/i.test(element.attributes["rel"] ?? "")) continue;
    const url = URL.parse(addressOf(page, element.attributes["href"]) ?? "");
    if (!url || url.host !== page.url.host || url.protocol !== page.url.protocol) continue;
    if (notPages.test(url.pathname) || seen.has(pageKey(url))) continue;
    seen.add(pageKey(url));
    links.push(url);
  }
  return links.sort((a, b) => rank(a) - rank(b) || a.pathname.length - b.pathname.length);
}

function rank({ pathname }: URL): number {
  const index = telling.findIndex((rule) => rule.test(pathname));
  return index < 0 ? telling.length : index;
}

function pageKey({ pathname, search }: URL): string {
  return pathname.replace(/\/(?:index\.html?)?$/, "") + search;
}

export interface StyleSheets {
  /** Those of the same host. */
  readonly links: readonly URL[];
  /** Those in the page, and the `style` of its outermost elements. */
  readonly inline: readonly string[];
}

/** A page's style sheets for the screen, in order. */
export function findStyleSheets(page: Page): StyleSheets {
  const links = page.all.flatMap(({ name, attributes }) => {
    const isSheet = name === "link" && /\bstylesheet\b/i.test(attributes["rel"] ?? "");
    if (!isSheet || /\bprint\b/i.test(attributes["media"] ?? "")) return [];
    const url = URL.parse(addressOf(page, attributes["href"]) ?? "");
    return url && url.host === page.url.host ? [url] : [];
  });
  const sheets = page.all
    .filter(({ name }) => name === "style")
    .map(({ children }) => children.filter((child) => typeof child === "string").join(""));
  const styled = page.all
    .filter(({ attributes }) => attributes["style"] !== undefined)
    .slice(0, linksMax)
    .map((element) => {
      const isButton = element.name === "button" || closest(element, ({ name }) => name === "a");
      const selector = isButton ? ".button" : element.name;
      return `${selector} { ${attributesStyle(element.attributes["style"])} }`;
    });
  return { links, inline: [...sheets, ...styled] };
}

/** A `style` attribute ends with its element, whatever is written in it. */
function attributesStyle(style: string | undefined): string {
  return (style ?? "").replace(/[{}]|\/\*/g, " ");
}

/** The families that a page asks a font service for; the service itself is not asked. */
export function fontsLoadedBy(page: Page): readonly string[] {
  const addresses = page.all
    .filter(({ name, attributes }) => name === "link" && /^https?:/.test(attributes["href"] ?? ""))
    .map(({ attributes }) => URL.parse(attributes["href"] ?? ""))
    .filter((url) => url !== null)
    .filter(({ hostname }) => /^fonts\.(?:googleapis|bunny)\./.test(hostname));
  const families = addresses.flatMap(({ searchParams }) =>
    searchParams.getAll("family").flatMap((family) => family.split("|")),
  );
  return [...new Set(families.map((family) => family.split(":", 1).join("").trim()))].filter(
    Boolean,
  );
}
