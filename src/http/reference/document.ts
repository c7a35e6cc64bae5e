import type { AnyElysia } from "elysia";
import { commonError, commonHeaders, errorResponses, requestIdHeader } from "./common-responses.ts";
import { description } from "./description.ts";
import { exampleOf } from "./example.ts";
import { messageItems } from "./messages.ts";
import {
  type Json,
  type JsonObject,
  type Method,
  methods,
  type OpenApiDocument,
  type Operation,
  type Parameter,
  type Reference,
  type ResponseItem,
} from "./open-api.ts";
import { plainSchema } from "./plain-schema.ts";
import { proxyPaths } from "./proxy-paths.ts";

export interface DocumentDeps {
  readonly app: Pick<AnyElysia, "routes">;
  readonly baseUrl: string;
  readonly version: string;
}

/** What the routes are sorted by, in the order in which somebody new meets them. */
const tags = [
  { name: "Proxy", description: "The URLs that stand in front of a picture's own." },
  { name: "Auth", description: "Accounts, sessions and API keys." },
  { name: "Projects", description: "Projects, their keys, members and brand." },
  { name: "Assets", description: "Clips: make, watch, make again, choose a version, remove." },
  { name: "Upload", description: "Source pictures that have no address of their own." },
  { name: "Webhooks", description: "Signed messages about what happens to assets." },
  { name: "Files", description: "Finished clips and uploads by their own address." },
  { name: "Administration", description: "Users of this server." },
  { name: "Server", description: "Whether the server is well, and what it can do." },
] as const;

const securitySchemes = {
  session: {
    type: "apiKey",
    in: "cookie",
    name: "better-auth.session_token",
    description: "Given by sign-up and sign-in. Browsers send it by themselves.",
  },
  apiKey: { type: "http", scheme: "bearer", description: "`motion_…`, made in the account." },
} as const;

const jsonType = "application/json";

/**
 * The description of the whole HTTP API (OpenAPI 3.1), made from the schemas that validate it. The
 * proxy URL is answered before the framework, so its part is made from its own table of options.
 */
export async function createDocument(deps: DocumentDeps): Promise<OpenApiDocument> {
  // Loaded when somebody asks: most servers are never asked.
  const { toOpenAPISchema } = await import("@elysiajs/openapi/openapi");
  const { app } = deps;
  const made = toOpenAPISchema(withoutParsers(app), everything, undefined, undefined, "3.1.1");
  const described = app.routes.filter(isDescribed).map((route) => ({
    path: route.path.replaceAll(/:(\w+)/g, "{$1}"),
    method: route.method.toLowerCase() as Method,
    needsCaller: needsCaller(route),
    // The maker leaves these out where a route has schemas of its answers, too.
    ownResponses: detailOf(route).responses ?? {},
  }));
  const paths: Record<string, Record<string, Operation>> = {};
  for (const { path, method, needsCaller, ownResponses } of described) {
    const operation = (made.paths[path] as Record<string, Operation> | undefined)?.[method];
    if (!operation) continue;
    const responses = { ...operation.responses, ...ownResponses };
    const finished = finish({ ...operation, responses }, { method, needsCaller });
    paths[path] = { ...paths[path], [method]: finished };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Motioness",
      version: deps.version,
      description,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: deps.baseUrl, description: "This server" }],
    tags: tags.filter(({ name }) => isUsed(name, paths)),
    paths: { ...proxyPaths(), ...paths },
    webhooks: messageItems(),
    components: { securitySchemes, headers: commonHeaders, responses: usedErrors(paths) },
  };
}

/** The maker leaves out the bodies of routes that have a parser of their own, as all of ours do. */
function withoutParsers(app: DocumentDeps["app"]): AnyElysia {
  const routes = app.routes.map((route) => ({
    ...route,
    hooks: { ...(route.hooks as object), parse: undefined },
  }));
  return Object.create(app, {
    getGlobalRoutes: { value: () => routes },
  }) as AnyElysia;
}

/** The maker would leave out what looks like a file: this document itself. */
const everything = { staticFile: false } as const;

interface Route {
  readonly method: string;
  readonly path: string;
  readonly hooks: unknown;
}

interface Detail {
  readonly hide?: boolean;
  readonly tags?: readonly string[];
  readonly responses?: Operation["responses"];
}

function isDescribed(route: Route): boolean {
  const { hide, tags } = detailOf(route);
  const isKnown = (methods as readonly string[]).includes(route.method.toLowerCase());
  return isKnown && tags !== undefined && !hide;
}

function detailOf({ hooks }: Route): Detail {
  return (hooks as { readonly detail?: Detail }).detail ?? {};
}

/** The caller is the one thing that routes are given by a hook of this kind. */
function needsCaller({ hooks }: Route): boolean {
  const { transform } = hooks as { readonly transform?: readonly { readonly subType?: string }[] };
  return transform?.some(({ subType }) => subType === "derive") ?? false;
}

interface RouteTraits {
  readonly method: Method;
  readonly needsCaller: boolean;
}

function finish(operation: Operation, traits: RouteTraits): Operation {
  const { needsCaller } = traits;
  const responses = { ...operation.responses, ...missingErrors(operation, traits) };
  const { requestBody, parameters } = operation;
  return {
    ...operation,
    security: operation.security ?? (needsCaller ? [{ session: [] }, { apiKey: [] }] : []),
    ...withParameters([...(parameters ?? []).map(plainParameter), ...streamParameters(operation)]),
    ...(requestBody ? { requestBody: onlyOneForm(requestBody) } : {}),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, response]) => [
        status,
        (isPlainError(response) && commonError(status)) || plainResponse(response),
      ]),
    ),
  };
}

function missingErrors({ responses, parameters }: Operation, { method, needsCaller }: RouteTraits) {
  const hasQuery = parameters?.some((parameter) => parameter.in === "query");
  const statuses = [
    ...(method !== "get" || hasQuery ? ["400"] : []),
    // A body is read and judged where none is asked for, too.
    ...(method === "get" ? [] : ["408", "413", "415"]),
    ...(needsCaller ? ["401", "403", "429"] : []),
    "500",
    "503",
  ];
  const missing = statuses.filter((status) => responses?.[status] === undefined);
  return Object.fromEntries(missing.map((status) => [status, commonError(status) ?? bare]));
}

/** An error of which the route says nothing but its status. */
function isPlainError(response: ResponseItem | Reference): boolean {
  if ("$ref" in response) return true;
  const { content = {} } = response;
  const { schema, example } = content[jsonType] ?? {};
  const fields = Object.keys((schema?.["properties"] ?? {}) as JsonObject);
  return example === undefined && fields.length === 1 && fields[0] === "error";
}

const bare: ResponseItem = { description: "An error" };

/** The framework lists every form that it could read; ours are JSON, or what a route says. */
function onlyOneForm(body: NonNullable<Operation["requestBody"]>) {
  const [type = jsonType] = Object.keys(body.content);
  const { schema = {}, ...more } = body.content[type] ?? {};
  const plain = closed(plainSchema(schema));
  const example = type === jsonType ? { example: exampleOf(plain) } : {};
  return { ...body, content: { [type]: { ...example, ...more, schema: plain } } };
}

/** Unknown fields are refused everywhere, which the validators are told once, and not in each. */
function closed(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).map(([key, value]) => [key, closedValue(value)] as const);
  const own = Object.fromEntries(entries);
  const isOpen = schema["properties"] !== undefined && schema["additionalProperties"] === undefined;
  return isOpen ? { ...own, additionalProperties: false } : own;
}

function closedValue(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => closedValue(item) ?? null);
  return typeof value === "object" && value !== null ? closed(value as JsonObject) : value;
}

function plainParameter(parameter: Parameter): Parameter {
  const { description, ...schema } = plainSchema(parameter.schema);
  const text = parameter.description ?? description;
  return { ...parameter, schema, ...(typeof text === "string" ? { description: text } : {}) };
}

/** An event stream goes on behind a cursor, which browsers send in a header. */
function streamParameters({ responses }: Operation): readonly Parameter[] {
  const answer = responses["200"];
  const isStream = answer && "content" in answer && answer.content?.["text/event-stream"];
  return isStream ? [lastEventId] : [];
}

const lastEventId: Parameter = {
  name: "Last-Event-ID",
  in: "header",
  description: "The id of the last event that was seen; only what came after it is sent.",
  schema: { type: "string" },
  example: "1795000004820",
};

function withParameters(parameters: readonly Parameter[]): Pick<Operation, "parameters"> {
  return parameters.length === 0 ? {} : { parameters };
}

function plainResponse(response: ResponseItem | Reference): ResponseItem | Reference {
  if ("$ref" in response) return response;
  const content = Object.entries(response.content ?? {}).map(([type, { schema, ...more }]) => {
    // Said in every place: the framework says it, too, but only where it was used before.
    const plain = closed(plainSchema(schema));
    const example = type === jsonType ? { example: exampleOf(plain) } : {};
    return [type, { ...example, ...more, schema: plain }];
  });
  const isMute = /^Response for status/.test(response.description ?? "Response for status");
  return {
    ...response,
    description: isMute ? "Done." : response.description,
    headers: { ...response.headers, ...requestIdHeader },
    ...(content.length === 0 ? {} : { content: Object.fromEntries(content) }),
  };
}

function usedErrors(paths: object): Readonly<Record<string, ResponseItem>> {
  const text = JSON.stringify(paths);
  const used = Object.entries(errorResponses).filter(([status]) =>
    text.includes(`"#/components/responses/${status}"`),
  );
  return Object.fromEntries(used);
}

function isUsed(name: string, paths: Readonly<Record<string, Record<string, Operation>>>): boolean {
  const operations = Object.values(paths).flatMap((item) => Object.values(item));
  return name === "Proxy" || operations.some((operation) => operation.tags?.includes(name));
}
