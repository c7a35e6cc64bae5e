import { brandLimits, type ContentInventory, type MessagingContext } from "../brand.ts";
import { closest, createIsWithin, findAll, textOf } from "../site/html.ts";
import type { Page } from "../site/page.ts";

/** How a site speaks and to whom, guessed from its first page. */
export function extractMessaging(page: Page, content: ContentInventory): MessagingContext {
  const prose = proseOf(page);
  const audience = audienceOf([content.tagline, content.description, prose]);
  const valueProps = valuePropsOf(page, content);
  const ctas = ctasOf(page);
  return {
    tone: toneOf(prose, content),
    ...(audience === undefined ? {} : { targetAudience: audience }),
    ...(valueProps.length === 0 ? {} : { valueProps }),
    ...(ctas.length === 0 ? {} : { ctas }),
  };
}

const proseLengthMax = 20_000;

function proseOf({ root }: Page): string {
  const pieces = findAll(root, "h1", "h2", "h3", "p", "li").map((part) => textOf(part, 400));
  return pieces.join(" ").slice(0, proseLengthMax);
}

/** Words that give a manner of speaking away, and what they say in a thousand to count. */
const manners: readonly { readonly name: string; readonly words: RegExp; readonly per: number }[] =
  [
    {
      name: "technical",
      words: /\b(?:api|sdk|cli|open[- ]source|deploy\w*|code|latency|runtime|schema|webhooks?)\b/gi,
      per: 8,
    },
    {
      name: "playful",
      words: /\b(?:fun|magic\w*|delight\w*|awesome|wow|love|joy\w*|yay|oops)\b|!/gi,
      per: 10,
    },
    {
      name: "warm",
      words: /\b(?:together|family|care|handmade|cosy|cozy|home|friends?|community|welcome)\b/gi,
      per: 8,
    },
    {
      name: "luxurious",
      words: /\b(?:exquisite|luxur\w+|timeless|crafted|bespoke|exclusive|elegan\w+|refined)\b/gi,
      per: 6,
    },
    {
      name: "trustworthy",
      words:
        /\b(?:secure|security|complian\w+|trusted|enterprise|certified|reliab\w+|soc 2|gdpr)\b/gi,
      per: 6,
    },
    {
      name: "energetic",
      words: /\b(?:fast\w*|instant\w*|boost|bold|power\w*|accelerat\w+|supercharge\w*|launch)\b/gi,
      per: 8,
    },
  ];

const mannersMax = 2;

/** The manners that stand out most, and whether the site talks to somebody. */
function toneOf(prose: string, { tagline, description }: ContentInventory): string {
  const text = `${tagline ?? ""} ${description ?? ""} ${prose}`;
  const thousands = Math.max(0.15, text.split(/\s+/).length / 1000);
  const count = (words: RegExp) => (text.match(words) ?? []).length / thousands;
  const strong = manners
    .map(({ name, words, per }) => ({ name, strength: count(words) / per }))
    .filter(({ strength }) => strength >= 1)
    .sort((a, b) => b.strength - a.strength)
    .slice(0, mannersMax)
    .map(({ name }) => name);
  const address = count(/\b(?:you|your)\b/gi) >= 12 ? "direct" : "matter-of-fact";
  return [...strong, address].join(", ");
}

/** `Payments for small shops. …` speaks to small shops. */
function audienceOf(texts: readonly (string | undefined)[]): string | undefined {
  const phrase =
    /\b(?:built|made|designed|crafted|perfect|tools?|platform|software|app|solution)\s+for\s+(?!(?:free|you|your|the|a|an|all|everything|this|that|it)\b)((?:[\p{L}][\p{L}’'-]*)(?:,? (?!(?:who|that|to|with|in|on|is|are|so|by)\b)[\p{L}&][\p{L}’'-]*){0,6})/iu;
  const loose =
    /^[^.!?]{3,60}\bfor\s+((?:[\p{L}-]+ ){0,3}(?:teams|developers|designers|creators|businesses|companies|agencies|marketers|founders|shops|stores|families|students|teachers|makers|engineers|brands|photographers|artists|people))\b/iu;
  for (const rule of [phrase, loose]) {
    for (const text of texts) {
      const found = text && rule.exec(text)?.[1];
      if (found) return found.slice(0, brandLimits.line);
    }
  }
  return undefined;
}

const dull =
  /^(?:pricing|plans?|faq|frequently asked|contact|blog|news|latest|features?|testimonials?|about(?: us)?|resources|what (?:people|customers)|loved by|trusted by|cookie)/i;

/** What stands over the sections of the page, else over its features. */
function valuePropsOf(page: Page, { features }: ContentInventory): readonly string[] {
  const headings = findAll(page.root, "h2")
    .filter(
      (heading) => !closest(heading, ({ name }) => ["footer", "nav", "dialog"].includes(name)),
    )
    .map((heading) => textOf(heading, brandLimits.line))
    .filter((text) => text.split(" ").length >= 3 && !dull.test(text));
  const titles = (features ?? []).map(({ title }) => title);
  return [...new Set(headings.length > 0 ? headings : titles)].slice(0, brandLimits.valueProps);
}

/** What the site's buttons ask of its visitors. */
function ctasOf(page: Page): readonly string[] {
  const isAside = createIsWithin(({ name, label }) => {
    return /cookie|consent|footer/.test(`${name} ${label}`);
  });
  const buttons = page.all.filter((element) => {
    if (element.name !== "a" && element.name !== "button") return false;
    if (isAside(element)) return false;
    return element.name === "button" || /\b(?:btn|button|cta)\b|button/.test(element.label);
  });
  const texts = buttons
    .map((button) => textOf(button, brandLimits.short).replace(/\s*[→›»➜]+$/, ""))
    .filter((text) => /\p{L}{2}/u.test(text) && text.split(" ").length <= 6)
    .filter((text) => !/^(?:menu|close|search|toggle|open|next|previous|copy|skip)\b/i.test(text));
  return [...new Set(texts)].slice(0, brandLimits.ctas);
}
