import { expect, test } from "bun:test";
import { closest, findAll, parseHtml, textOf, tidy } from "../../../src/brand/site/html.ts";

const parse = (html: string) => parseHtml(html, async () => {});
const text = async (html: string) => textOf(await parse(html), 1000);

test.each([
  ["<p>one<p>two", "one two"],
  ["<ul><li>a<li>b</ul>", "a b"],
  ["caf&eacute; &amp; bar &#8212; &#x1F33F;", "café & bar — 🌿"],
  ["a<b>b</b>c<br>d", "abc d"],
  ["<script>no</script><style>no</style><noscript>no</noscript>yes", "yes"],
  ["<script>'</div><h1>'</script>yes", "yes"],
  ["<!-- <h1>no</h1> -->yes", "yes"],
  ["<div><span>open <em>never closed", "open never closed"],
  ["</div></p>stray", "stray"],
  ["<p title='a > b'>yes</p>", "yes"],
  ["  a \n\t b\u00a0\u200bc ", "a b c"],
  ["", ""],
])("%j reads as %j", async (html, expected) => {
  expect(await text(html)).toBe(expected);
});

test("elements know where they stand", async () => {
  const root = await parse('<main class="A"><p><a HREF="/x">link</a></p></main>');
  const [link] = findAll(root, "a");
  expect(link?.attributes).toEqual({ href: "/x" });
  expect(closest(link, ({ name }) => name === "main")?.attributes["class"]).toBe("A");
});

test("long text is cut at a word", () => {
  expect(tidy("one two three four", 12)).toBe("one two…");
  expect(tidy("x".repeat(20), 10)).toBe(`${"x".repeat(9)}…`);
});

test.each([
  ["elements that never end", "<a>".repeat(300_000)],
  ["end tags of nothing", "<div>".repeat(200) + "</z>".repeat(200_000)],
  ["open formatting and paragraphs", "<b a>".repeat(100_000) + "<p>".repeat(100_000)],
  ["attributes", `<a ${"b ".repeat(400_000)}>`],
  ["an open comment", `<!--${"-".repeat(1_000_000)}`],
  ["an open tag", `<${"a".repeat(1_000_000)}`],
  ["ampersands", "&".repeat(1_000_000)],
  ["siblings", "<i></i>".repeat(140_000)],
])("a megabyte of %s costs what a megabyte costs", async (_name, html) => {
  const startedMs = performance.now();
  const root = await parse(html);
  expect(textOf(root, 100).length).toBeLessThanOrEqual(100);
  expect(performance.now() - startedMs).toBeLessThan(2000);
});
