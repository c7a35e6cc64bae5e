import { type Html, html, inline, raw } from "./html.ts";
import { methods, type OpenApiDocument } from "./open-api.ts";
import { type Listed, renderMessage, renderOperation } from "./operation-html.ts";
import { script } from "./script.ts";
import { style } from "./style.ts";

/** The reference as one page of HTML that asks nobody for anything: script, font or image. */
export function renderReference(document: OpenApiDocument): string {
  const { title, version, description } = document.info;
  const operations = operationsOf(document.paths);
  const tags = document.tags.map((tag) => ({
    ...tag,
    operations: operations.filter(({ operation }) => operation.tags?.includes(tag.name)),
    render: renderOperation,
  }));
  const sent = { ...messages, operations: operationsOf(document.webhooks), render: renderMessage };
  const sections = [...tags, sent];
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} API ${version}</title>
<style>${raw(style)}</style>
</head>
<body>
<nav aria-label="Contents">
<a class="title" href="#top">${title} API</a>
<details open><summary>Contents</summary>
<input type="search" placeholder="Find a route ( / )" aria-label="Find a route" hidden>
${sections.map(renderContents)}
</details>
</nav>
<main>
<header id="top">
<h1>${title} API</h1>
${`${description}`.split("\n\n").map((paragraph) => html`<p>${inline(paragraph)}</p>`)}
<p>This is version ${version}, at <code>${document.servers[0]?.url}</code>. For programs, the same
is <a href="api/openapi.json">openapi.json</a>.</p>
</header>
${sections.map((section) => renderSection(section, document))}
</main>
<script>${raw(script)}</script>
</body>
</html>`;
  return page.text;
}

const messages = {
  name: "Messages",
  description:
    "What this server sends to a project's endpoint, signed as Standard Webhooks says. Check the " +
    "signature over the body as it came, before anything parses it.",
} as const;

function operationsOf(paths: OpenApiDocument["paths"]): readonly Listed[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );
}

interface Section {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly Listed[];
  readonly render: (listed: Listed, document: OpenApiDocument) => Html;
}

function renderContents({ name, operations }: Section): Html {
  return html`<div data-tag><h2><a href="#${slug(name)}">${name}</a></h2>
<ul>${operations.map(
    ({ method, operation: { operationId, summary } }) => html`<li><a href="#${operationId}">
<span class="method ${method}">${method.toUpperCase()}</span><span>${summary}</span></a></li>`,
  )}</ul></div>`;
}

function renderSection(section: Section, document: OpenApiDocument): Html {
  const { name, description, operations, render } = section;
  return html`<section data-tag id="${slug(name)}" aria-labelledby="${slug(name)}-title">
<h2 id="${slug(name)}-title">${name}</h2>
<p>${description}</p>
${operations.map((listed) => render(listed, document))}
</section>`;
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}
