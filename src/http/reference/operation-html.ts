import { curlOf } from "./curl.ts";
import { type Html, html, inline } from "./html.ts";
import {
  isLocked,
  type JsonObject,
  type Method,
  type OpenApiDocument,
  type Operation,
  type Parameter,
  type ResponseItem,
  responseOf,
} from "./open-api.ts";
import { describeSchema } from "./schema-text.ts";

/** An operation with where it is. */
export interface Listed {
  readonly path: string;
  readonly method: Method;
  readonly operation: Operation;
}

/** One operation, folded: what it takes, what it answers, and a command to try it. */
export function renderOperation(listed: Listed, document: OpenApiDocument): Html {
  const { operation } = listed;
  const baseUrl = document.servers[0]?.url ?? "";
  return renderFolded(listed, {
    document,
    lock: isLocked(operation) ? html`<span class="lock">signed in</span>` : html`<span></span>`,
    before: html`<h3>Try it</h3>
<div class="copied"><pre class="command" tabindex="0">${curlOf({ ...listed, baseUrl })}</pre></div>`,
  });
}

/** A message that this server sends, folded; its path is its type. */
export function renderMessage(listed: Listed, document: OpenApiDocument): Html {
  const contents = Object.values(listed.operation.requestBody?.content ?? {});
  const examples = contents.map(({ example }) => renderExample(example));
  return renderFolded(listed, { document, lock: html`<span></span>`, before: html`${examples}` });
}

interface Around {
  readonly document: OpenApiDocument;
  readonly lock: Html;
  /** What stands before the parameters. */
  readonly before: Html;
}

function renderFolded(
  { path, method, operation }: Listed,
  { document, lock, before }: Around,
): Html {
  const { operationId, summary, description, parameters = [], requestBody } = operation;
  return html`<details class="operation">
<summary><span class="method ${method}">${method.toUpperCase()}</span>
<span class="what">${summary}</span>
${lock}
<code>${path}</code></summary>
<div id="${operationId}">
${description ? html`<p>${inline(description)}</p>` : ""}
${before}
${parameters.length > 0 ? renderParameters(parameters) : ""}
${Object.entries(requestBody?.content ?? {}).map(
  ([type, { schema }]) => html`<h3>Body, <code>${type}</code></h3>
${renderSchema(schema)}`,
)}
<h3>Answers</h3>
<dl>${Object.entries(operation.responses).map(([status, response]) =>
    renderResponse(status, responseOf(document, response)),
  )}</dl>
<p><a href="#${operationId}">Link to ${operationId}</a></p>
</div>
</details>`;
}

function renderParameters(parameters: readonly Parameter[]): Html {
  return html`<h3>Parameters</h3>
<table><thead><tr><th>name</th><th>in</th><th>value</th><th>meaning</th></tr></thead>
<tbody>${parameters.map(
    ({ name, in: place, required, schema, description }) => html`<tr>
<th><code>${name}</code>${required ? html` <span class="required">required</span>` : ""}</th>
<td>${place}</td><td><code>${describeSchema(schema)}</code></td>
<td>${inline(description ?? "")}</td></tr>`,
  )}</tbody></table>`;
}

function renderResponse(status: string, response: ResponseItem): Html {
  return Number(status) >= 400 ? renderError(status, response) : renderSuccess(status, response);
}

function renderSuccess(status: string, { description, content = {} }: ResponseItem): Html {
  return html`<dt>${status}</dt><dd>${inline(description)}
${Object.entries(content).map(
  ([type, { schema, example }]) => html`<div><code>${type}</code>
${isBinary(schema) ? "" : renderSchema(schema)}
${example === undefined ? "" : renderExample(example)}</div>`,
)}</dd>`;
}

/** Errors have one shape: an example says all. */
function renderError(status: string, { description, content = {} }: ResponseItem): Html {
  const [first] = Object.values(content);
  const example = first?.example;
  return html`<dt class="error">${status}</dt><dd class="error">${inline(description)}
${example === undefined ? "" : html`<code>${JSON.stringify(example)}</code>`}</dd>`;
}

/** Remarks are set off from what they are about. */
function renderSchema(schema: JsonObject): Html {
  const lines = describeSchema(schema).split("\n");
  return html`<pre tabindex="0">${lines.map((line, index) => {
    const [, shape = line, remark = ""] = /^(.*?)( {2}\/\/ .*)$/.exec(line) ?? [];
    return html`${index === 0 ? "" : "\n"}${shape}${remark === "" ? "" : html`<i>${remark}</i>`}`;
  })}</pre>`;
}

function renderExample(example: unknown): Html {
  const text = JSON.stringify(example, null, 2);
  return html`<details class="more"><summary>Example</summary>
<pre tabindex="0">${text}</pre></details>`;
}

function isBinary(schema: JsonObject): boolean {
  return schema["format"] === "binary";
}
