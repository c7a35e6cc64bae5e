import fc from "fast-check";
import {
  type Json,
  methods,
  type OpenApiDocument,
  type Operation,
  type Parameter,
} from "../../src/http/reference/open-api.ts";
import { type Known, oddTexts, oddValues, spoilt, valuesOf } from "../support/schema-arbitrary.ts";
import type { Role, Targets } from "./tenants.ts";

/** A request that has yet to be told which things there are: `{ready}` names one of `Targets`. */
export interface RandomRequest {
  /** As the document names it. */
  readonly route: string;
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | "picture" | undefined;
  readonly role: Role;
}

/** How much of a request is as it should be. */
type Care = "valid" | "nearly" | "garbage";

const sources = ["acme.com/a.png", "acme.com/b.png", "evil.com/a.png", "127.0.0.1/a.png"] as const;

/** What a schema cannot know: ids of what is there, and addresses that are allowed. */
const known: Known = {
  project_id: fc.constantFrom("{project}", "proj_none"),
  src: fc.constantFrom(...sources.map((source) => `https://${source}`), "data:,x", "http://[::1"),
  user_id: fc.constant("{guest}"),
  email: fc.stringMatching(/^[a-z]{6,12}@example\.com$/),
  url: fc.constantFrom("https://acme.com", "http://127.0.0.1", "https://u:p@acme.com/#x"),
  website_url: fc.constantFrom("https://acme.com", "http://localhost"),
  allowed_origins: fc.constantFrom<Json>(["https://acme.com"], [], ["http://acme.com:81"], ["x"]),
  webhook_url: fc.constantFrom("https://acme.com/hooks", "http://acme.com:22", "ftp://x", null),
  expires_at: fc.constantFrom(0, 1, 8.64e15, Date.UTC(2100, 0, 1)),
};

/** What stands in a path, by the document's name for it and what stands before it. */
const named: readonly (readonly [RegExp, string])[] = [
  [/projects\/\{id\}/, "{project}"],
  [/(assets|regenerate)\/\{id\}/, "{ready}"],
  [/keys\/\{id\}/, "{apiKey}"],
  [/users\/\{id\}/, "{guest}"],
  [/invites\/\{id\}/, "{invite}"],
  [/\{generationId\}/, "{generation}"],
  [/\{deliveryId\}/, "{delivery}"],
  [/\{userId\}/, "{guest}"],
  [/\{projectKey\}/, "{key}"],
  [/\{assetId\}/, "{pending}"],
  [/uploads\/\{user\}\/\{file\}/, "{owner}/{file}"],
  [/assets\/\{file\}/, "{ready}.mp4"],
  [/uploads\/\{file\}/, "{file}"],
  [/\{provider\}/, "github"],
];

/** Requests made from the document: as it says, nearly so, and not at all. */
export function randomRequests(document: OpenApiDocument): fc.Arbitrary<RandomRequest> {
  const routes = Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => (item[method] ? [[path, method, item[method]] as const] : [])),
  );
  const care: fc.Arbitrary<Care> = fc.oneof(
    { weight: 4, arbitrary: fc.constant("valid" as const) },
    { weight: 4, arbitrary: fc.constant("nearly" as const) },
    { weight: 2, arbitrary: fc.constant("garbage" as const) },
  );
  return fc.oneof(
    ...routes.map(([path, method, operation]) =>
      care.chain((how) => requestsOf(path, method, operation, how)),
    ),
  );
}

function requestsOf(
  path: string,
  method: string,
  { parameters = [], requestBody }: Operation,
  care: Care,
): fc.Arbitrary<RandomRequest> {
  const others = fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  const upper = method.toUpperCase();
  const isForm = requestBody?.content["multipart/form-data"] !== undefined;
  const schema = requestBody?.content["application/json"]?.schema;
  return fc.record({
    route: fc.constant(`${upper} ${path}`),
    method: mostly(care, fc.constant(upper), upper === "GET" ? fc.constant("HEAD") : others),
    target: fc.tuple(pathsOf(path, care), queriesOf(parameters, care)).map((both) => both.join("")),
    headers: headersOf(parameters, care, requestBody !== undefined && !isForm),
    body: isForm ? mostly(care, fc.constant("picture"), oddTexts) : bodiesOf(schema, care),
    role: rolesOf(care),
  });
}

/** The good one, one time in four another when the request is nearly right. */
function mostly<T>(care: Care, good: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> {
  if (care === "valid") return good;
  const weight = care === "nearly" ? 3 : 1;
  return fc.oneof({ weight, arbitrary: good }, { weight: 1, arbitrary: odd });
}

function rolesOf(care: Care): fc.Arbitrary<Role> {
  const some = fc.constantFrom<Role>("nobody", "outsider", "viewer", "reader", "disabled");
  const able = fc.oneof(
    { weight: 3, arbitrary: fc.constant<Role>("owner") },
    { weight: 1, arbitrary: fc.constantFrom<Role>("editor", "admin") },
  );
  return mostly(care, able, some);
}

function pathsOf(path: string, care: Care): fc.Arbitrary<string> {
  const filled = named.reduce((text, [pattern, name]) => {
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return text;
    return text.replace(found, `${found.replace(/\{.*/, "")}${name}`);
  }, path);
  const sourced = fc.constantFrom(...sources).map((one) => filled.replace("{source}", one));
  const odd = fc.tuple(sourced, oddTexts, fc.boolean()).map(([whole, text, isRaw]) => {
    const segment = isRaw ? text.replaceAll(/[^!-~]|[?#\\]/g, "") : encodeURIComponent(text);
    const parts = whole.split("/");
    const at = parts.findLastIndex((part) => part.includes("{"));
    return parts.map((part, index) => (index === at ? segment : part)).join("/");
  });
  return mostly(care, sourced, odd);
}

function queriesOf(parameters: readonly Parameter[], care: Care): fc.Arbitrary<string> {
  const own = parameters.filter((parameter) => parameter.in === "query");
  const pairs = own.map((parameter) => pairsOf(parameter, care));
  const odd = fc.tuple(oddTexts, oddTexts).map((pair) => pair.map(encodeURIComponent).join("="));
  const more = mostly(care, fc.constant(""), odd);
  return fc.tuple(...pairs, more).map((all) => {
    const given = all.filter((pair) => pair !== "");
    return given.length === 0 ? "" : `?${given.join("&")}`;
  });
}

function pairsOf({ name, schema, required }: Parameter, care: Care): fc.Arbitrary<string> {
  const good = queryValues[name] ?? known[name] ?? valuesOf(schema, known);
  const values = mostly(care, good, oddTexts);
  const given = values.map((value) => `${name}=${encodeURIComponent(String(value))}`);
  const weight = required ? 1 : 4;
  return fc.oneof({ weight: required ? 9 : 1, arbitrary: given }, { weight, arbitrary: none });
}

const none = fc.constant("");

const queryValues: Known = {
  // Longer ones are waited for.
  wait_ms: fc.constantFrom(0, 1, 20),
  seed: fc.constantFrom(0, 1, 2, 3),
  v: fc.constantFrom(1, 2),
  last_event_id: fc.constantFrom(0, 1, 1e15),
};

const headerNames = [
  ...["X-Request-Id", "Accept", "Origin", "Sec-Fetch-Site", "Last-Event-ID", "Range", "If-Range"],
  ...["If-None-Match", "If-Modified-Since", "If-Match", "Authorization", "Cookie", "Content-Type"],
  ...[
    "Content-Encoding",
    "Idempotency-Key",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "Accept-Encoding",
  ],
];
const headerValues = fc.oneof(
  fc.constantFrom(
    ...["bytes=0-1", "bytes=-1", "bytes=9999999-", "bytes=0-0,2-3", "*", '"x"', 'W/"x"', "null"],
    ...["https://evil.com", "cross-site", "Bearer x", "Bearer ", "gzip", "identity", "text/plain"],
    ...["application/json; charset=utf-16", "Sat, 21 Nov 2026 00:00:00 GMT", "a=b; c", "\u00ff"],
  ),
  fc.string({ unit: fc.integer({ min: 32, max: 255 }).map((code) => String.fromCharCode(code)) }),
);

function headersOf(parameters: readonly Parameter[], care: Care, isJson: boolean) {
  const json = isJson ? { "Content-Type": "application/json" } : {};
  const names = [
    ...parameters.filter((parameter) => parameter.in === "header").map(({ name }) => name),
    ...headerNames,
  ];
  const odd = fc
    .dictionary(fc.constantFrom(...names), headerValues, { maxKeys: 3, noNullPrototype: true })
    .map((more): Record<string, string> => ({ ...json, ...more }));
  return mostly<Record<string, string>>(care, fc.constant({ ...json }), odd);
}

/** JSON text: as it should be, with one thing wrong, no JSON at all, or what parsers stumble over. */
function bodiesOf(schema: Parameter["schema"] | undefined, care: Care) {
  const stumbling = fc.constantFrom(
    ...["{", "", "\ufeff{}", '{"a":1,"a":2}', '{"__proto__":{"a":1}}', "1e400", '"\\ud800"'],
    "[".repeat(10_000),
    '{"a":'.repeat(5000),
  );
  const odd = fc.oneof(
    oddValues.map((value) => JSON.stringify(value)),
    oddTexts,
    stumbling,
  );
  if (!schema) return mostly<string | undefined>(care, fc.constant(undefined), odd);
  const good = valuesOf(schema, known);
  const text = (care === "valid" ? good : fc.oneof(good, spoilt(good))).map((value) =>
    JSON.stringify(value),
  );
  return care === "garbage" ? fc.oneof(text, odd) : text;
}

/** The same text with the ids of what there is. */
export function fillIn(text: string, targets: Targets): string {
  return Object.entries(targets).reduce(
    (filled, [name, id]) => filled.replaceAll(`{${name}}`, id as string),
    text,
  );
}
