import { curlOf } from "./curl.ts";
import { escapeHtml, type Html, html, raw } from "./html.ts";
import {
  type JsonObject,
  type Method,
  methods,
  type OpenApiDocument,
  type Operation,
  type Parameter,
  type ResponseItem,
  responseOf,
} from "./open-api.ts";
import { describeSchema } from "./schema-text.ts";
import { style } from "./style.ts";

/** The reference as one page of HTML that asks nobody for anything: script, font or image. */
export function renderReference(document: OpenApiDocument): string {
  const { title, version, description } = document.info;
  const operations = operationsOf(document);
  const tags = document.tags.map((tag) => ({
    ...tag,
    operations: operations.filter(({ operation }) => operation.tags?.includes(tag.name)),
  }));
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
<nav aria-label="Resources">
<strong>${title} API</strong>
${tags.map(({ name }) => html`<a href="#${slug(name)}">${name}</a>`)}
<a href="api/openapi.json">openapi.json</a>
</nav>
<main>
<header>
<h1>${title} API</h1>
<p>${inline(`${description}`)}</p>
<p>Version ${version}, at <code>${document.servers[0]?.url}</code>. Routes marked
<span class="lock">signed in</span> take the session's cookie or
<code>Authorization: Bearer motion_…</code>. Every answer carries <code>X-Request-Id</code>.</p>
</header>
${tags.map((tag) => renderTag(tag, document))}
</main>
</body>
</html>`;
  return page.text;
}

interface Listed {
  readonly path: string;
  readonly method: Method;
  readonly operation: Operation;
}

function operationsOf({ paths }: OpenApiDocument): readonly Listed[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );
}

interface Tag {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly Listed[];
}

function renderTag({ name, description, operations }: Tag, document: OpenApiDocument): Html {
  return html`<section id="${slug(name)}" aria-labelledby="${slug(name)}-title">
<h2 id="${slug(name)}-title">${name}</h2>
<p>${description}</p>
${operations.map((listed) => renderOperation(listed, document))}
</section>`;
}

function renderOperation({ path, method, operation }: Listed, document: OpenApiDocument): Html {
  const baseUrl = document.servers[0]?.url ?? "";
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const isLocked = (operation.security?.length ?? 0) > 0;
  return html`<details id="${operationId}">
<summary><span class="method ${method}">${method.toUpperCase()}</span>
<code>${path}</code> <span class="what">${summary ?? ""}</span>
${isLocked ? html`<span class="lock">signed in</span>` : ""}</summary>
${description ? html`<p>${inline(description)}</p>` : ""}
${parameters.length > 0 ? renderParameters(parameters) : ""}
${Object.entries(requestBody?.content ?? {}).map(
  ([type, { schema, example }]) => html`<h4>Body, <code>${type}</code></h4>
<pre>${describeSchema(schema)}</pre>${example === undefined ? "" : renderExample(example)}`,
)}
<h4>Answers</h4>
<dl>${Object.entries(responses).map(([status, response]) =>
    renderResponse(status, responseOf(document, response)),
  )}</dl>
<h4>Try it</h4>
<pre>${curlOf({ path, method, operation, baseUrl })}</pre>
</details>`;
}

function renderParameters(parameters: readonly Parameter[]): Html {
  return html`<table><caption>Parameters</caption>
<thead><tr><th>name</th><th>in</th><th>value</th><th>meaning</th></tr></thead>
<tbody>${parameters.map(
    ({ name, in: place, required, schema, description }) => html`<tr>
<td><code>${name}</code>${required ? html` <abbr title="required">*</abbr>` : ""}</td>
<td>${place}</td><td><code>${describeSchema(schema)}</code></td>
<td>${inline(description ?? "")}</td></tr>`,
  )}</tbody></table>`;
}

function renderResponse(status: string, response: ResponseItem): Html {
  const content = Object.entries(response.content ?? {});
  return html`<dt>${status}</dt><dd>${response.description}
${content.map(
  ([type, { schema, example }]) => html`<div><code>${type}</code>
${isBinary(schema) ? "" : html`<pre>${describeSchema(schema)}</pre>`}
${example === undefined ? "" : renderExample(example)}</div>`,
)}</dd>`;
}

function renderExample(example: unknown): Html {
  return html`<pre class="example">${JSON.stringify(example, null, 2)}</pre>`;
}

function isBinary(schema: JsonObject): boolean {
  return schema["format"] === "binary";
}

/** Words between backquotes are code; that is all the markup that descriptions have. */
function inline(text: string): Html {
  return raw(escapeHtml(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>"));
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}
