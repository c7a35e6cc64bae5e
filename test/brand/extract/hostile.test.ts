import { expect, test } from "bun:test";
import { extractContent } from "../../../src/brand/extract/content.ts";
import { extractDesign } from "../../../src/brand/extract/design.ts";
import { extractIdentity } from "../../../src/brand/extract/identity.ts";
import { extractMessaging } from "../../../src/brand/extract/messaging.ts";
import { extractColours } from "../../../src/brand/extract/palette.ts";
import { type Declaration, parseCss } from "../../../src/brand/site/css.ts";
import { chooseLinks, findStyleSheets, fontsLoadedBy } from "../../../src/brand/site/links.ts";
import { parsePage } from "../../../src/brand/site/page.ts";

/** Far above what each takes, and far below what the square of its length would. */
const budgetMs = 4000;

const spaces = " ".repeat(100_000);
const deep = `<div class="${"cooki ".repeat(700)}">`.repeat(100);

test.each([
  ["a title with a long gap", `<meta property="og:title" content="a${spaces}b">`],
  ["code with a long gap", `<pre>a${spaces}${spaces}b</pre>`],
  ["a label that repeats itself", `<p class="${"_review__".repeat(100_000)}!">`],
  ["buttons in labelled boxes", deep + "<button>a</button>".repeat(30_000)],
  ["cards in labelled boxes", deep + "<div><h3>a</h3><p>b</p></div>".repeat(400)],
  ["figures that go on", `<div><h3>a</h3><div>${"1.".repeat(1000)}x</div></div>`.repeat(400)],
  ["lists in lists", "<dl>".repeat(200) + "<dt>abc<dd>1".repeat(19_000)],
  ["style sheets", "<link rel=stylesheet href=/y.css>".repeat(30_000)],
  [
    "a font with many colons",
    `<link href="https://fonts.bunny.net/css?family=${"%3A".repeat(300_000)}%0A">`,
  ],
])("a page of %s does not hold up the server", async (_name, html) => {
  const startedMs = performance.now();
  const page = await parsePage(new URL("https://acme.com/"), html, async () => {});
  const identity = extractIdentity(page);
  extractMessaging(page, await extractContent([page], identity, async () => {}));
  expect(chooseLinks(page)).toEqual([]);
  expect(findStyleSheets(page).inline).toEqual([]);
  expect(fontsLoadedBy(page).length).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(budgetMs);
});

const lines = `"${"linear-gradient(".repeat(20)}${" 1px".repeat(140)}"`;
const glow = `"${"radial-gradient(".repeat(12)}${"rgb(,".repeat(120)}"`;

test.each([
  ["gradients in gradients", `body{background:${lines}}`.repeat(500)],
  ["glows in glows", `body{background:${glow}}`.repeat(500)],
  ["dots", "a{b:radial-gradient(1px)}".repeat(20_000)],
  ["rules for a theme", `[data-${"theme".repeat(20_000)}{${"a:b;".repeat(9000)}`],
])("style sheets of %s do not hold up the server", (_name, css) => {
  const startedMs = performance.now();
  const sheets: readonly Declaration[] = Array.from({ length: 8 }, () => parseCss(css)).flat();
  const colours = extractColours(sheets, undefined);
  const { designContext } = extractDesign({
    css: sheets,
    colours,
    declaredScheme: undefined,
    loadedFonts: [],
  });
  expect(designContext.colorScheme).toBe("light");
  expect(performance.now() - startedMs).toBeLessThan(budgetMs);
});
