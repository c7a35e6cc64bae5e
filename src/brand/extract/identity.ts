import { brandLimits } from "../brand.ts";
import { closest, createIsWithin, type Element, findAll, textOf, tidy } from "../site/html.ts";
import { addressOf, isOfType, jsonLdOf, metaOf, type Page } from "../site/page.ts";

/** Who a site is, as its first page says it. */
export interface Identity {
  readonly name: string;
  readonly logoUrl: string | undefined;
  readonly tagline: string | undefined;
  readonly description: string | undefined;
}

export function extractIdentity(page: Page): Identity {
  const name = nameOf(page);
  return {
    name,
    logoUrl: logoOf(page),
    tagline: taglineOf(page, name),
    description: descriptionOf(page),
  };
}

function nameOf(page: Page): string {
  const declared =
    metaOf(page, "og:site_name", "application-name", "apple-mobile-web-app-title") ??
    jsonLdOf(page).find((object) => isOfType(object, "Organization", "Corporation", "WebSite"))?.[
      "name"
    ];
  const name = typeof declared === "string" && declared !== "" ? declared : nameInTitle(page);
  return tidy(name, brandLimits.name);
}

/** `Acme – Ship faster`: the part of the title that the host is called by, or its first. */
function nameInTitle(page: Page): string {
  const label = hostLabel(page.url);
  const title = page.all.find(({ name }) => name === "title");
  const parts = (title ? titleText(title) : "").split(/\s+[|–—·•:-]\s+|:\s+/).filter(Boolean);
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const named = parts.find((part) => plain(part) === plain(label));
  const short = parts.filter((part) => part.length <= 30);
  return named ?? short[0] ?? label.charAt(0).toUpperCase() + label.slice(1);
}

function titleText({ children }: Element): string {
  return tidy(children.filter((child) => typeof child === "string").join(""), 300);
}

/** `acme` of `www.acme.co.uk`. */
function hostLabel({ hostname }: URL): string {
  const labels = hostname.replace(/^www\./, "").split(".");
  const isSecondLevel = labels.length > 2 && /^(co|com|org|net|gov|ac)$/.test(labels.at(-2) ?? "");
  return labels.at(isSecondLevel ? -3 : -2) ?? hostname;
}

function logoOf(page: Page): string | undefined {
  const declared = jsonLdOf(page)
    .filter((object) => isOfType(object, "Organization", "Corporation"))
    .map(({ logo }) => (typeof logo === "object" && logo ? (logo as { url?: unknown }).url : logo))
    .find((logo) => typeof logo === "string");
  const isOthers = createIsWithin(isOfOthers);
  const image = page.all.find(
    (element) => element.name === "img" && isLogo(element) && !isOthers(element),
  );
  const icons = page.all.filter(({ name, attributes }) => {
    return name === "link" && /\b(icon|apple-touch-icon)\b/i.test(attributes["rel"] ?? "");
  });
  const icon =
    icons.find(({ attributes }) => /svg/i.test(attributes["type"] ?? attributes["href"] ?? "")) ??
    icons.find(({ attributes }) => /apple-touch-icon/i.test(attributes["rel"] ?? "")) ??
    icons[0];
  return [declared, image?.attributes["src"], icon?.attributes["href"]]
    .map((reference) => addressOf(page, reference as string | undefined))
    .find((address) => address !== undefined);
}

function isLogo(image: Element): boolean {
  const { src = "", alt = "" } = image.attributes;
  const around = closest(image.parent, ({ name }) => ["a", "header", "nav"].includes(name));
  const text = `${image.label} ${src} ${alt} ${around ? around.label : ""}`;
  return /logo|brand(?!ing)/i.test(text);
}

/** "Trusted by": where the logos of customers stand. */
function isOfOthers({ name, label }: Element): boolean {
  const others =
    /customer|client|partner|trusted|press|sponsor|logo-?(cloud|wall|grid|strip)|logos/;
  return name === "footer" || others.test(label);
}

function taglineOf(page: Page, name: string): string | undefined {
  const heading = findAll(page.root, "h1")
    .map((element) => textOf(element, brandLimits.tagline))
    .find((text) => text !== "" && text.toLowerCase() !== name.toLowerCase());
  // On one line first: a rule about runs of space takes the square of their length.
  const title = tidy(metaOf(page, "og:title", "twitter:title") ?? "", 300);
  const rest = title.split(/ [|–—·•-] /).find((part) => part !== "" && !part.includes(name));
  return heading ?? (rest === undefined ? undefined : tidy(rest, brandLimits.tagline));
}

function descriptionOf(page: Page): string | undefined {
  const declared = metaOf(page, "description", "og:description", "twitter:description");
  if (declared) return tidy(declared, brandLimits.description);
  return findAll(page.root, "p")
    .map((element) => textOf(element, brandLimits.description))
    .find((text) => text.length >= 40);
}
