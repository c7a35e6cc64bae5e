import type { AnyElysia } from "elysia";
import { errorResponses, requestIdHeader } from "./common-responses.ts";
import {
  type Method,
  methods,
  type OpenApiDocument,
  type Operation,
  type Parameter,
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
  { name: "Admin", description: "Users of this server." },
  { name: "Server", description: "Whether the server is well, and what it can do." },
] as const;

const description =
  "A self-hosted server that turns the picture behind a URL into a seamless looping clip. Put " +
  "`/v1/{projectKey}/` in front of an image URL and end it in `.mp4`.";

const securitySchemes = {
  session: {
    type: "apiKey",
    in: "cookie",
    name: "better-auth.session_token",
    description: "Given by sign-up and sign-in. Browsers send it by themselves.",
  },
  apiKey: { type: "http", scheme: "bearer", description: "`motion_…`, made in the account." },
} as const;

/**
 * The description of the whole HTTP API (OpenAPI 3.1), made from the schemas that validate it. The
 * proxy URL is answered before the framework, so its part is made from its own table of options.
 */
export async function createDocument(deps: DocumentDeps): Promise<OpenApiDocument> {
  // Loaded when somebody asks: most servers are never asked.
  const { toOpenAPISchema } = await import("@elysiajs/openapi/openapi");
  const { app } = deps;
  const made = toOpenAPISchema(app as AnyElysia, undefined, undefined, undefined, "3.1.1");
  const described = app.routes.filter(isDescribed).map((route) => ({
    path: route.path.replaceAll(/:(\w+)/g, "{$1}"),
    method: route.method.toLowerCase() as Method,
    needsCaller: needsCaller(route),
  }));
  const paths: Record<string, Record<string, Operation>> = {};
  for (const { path, method, needsCaller } of described) {
    const operation = (made.paths[path] as Record<string, unknown> | undefined)?.[method];
    if (!operation) continue;
    paths[path] = { ...paths[path], [method]: finish(operation as Operation, needsCaller) };
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
    components: { securitySchemes },
  };
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly hooks: unknown;
}

function isDescribed({ method, hooks }: Route): boolean {
  const { detail } = hooks as { readonly detail?: { hide?: boolean; tags?: readonly string[] } };
  const isKnown = (methods as readonly string[]).includes(method.toLowerCase());
  return isKnown && detail?.tags !== undefined && !detail.hide;
}

/** The caller is the one thing that routes are given by a hook of this kind. */
function needsCaller({ hooks }: Route): boolean {
  const { transform } = hooks as { readonly transform?: readonly { readonly subType?: string }[] };
  return transform?.some(({ subType }) => subType === "derive") ?? false;
}

function finish(operation: Operation, needsCaller: boolean): Operation {
  const responses = { ...operation.responses, ...missingErrors(operation, needsCaller) };
  const { requestBody, parameters } = operation;
  return {
    ...operation,
    security: needsCaller ? [{ session: [] }, { apiKey: [] }] : [],
    ...(parameters ? { parameters: parameters.map(plainParameter) } : {}),
    ...(requestBody ? { requestBody: onlyOneForm(requestBody) } : {}),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, response]) => [status, plainResponse(response)]),
    ),
  };
}

function missingErrors({ responses, requestBody, parameters }: Operation, needsCaller: boolean) {
  const statuses = [
    ...(requestBody || parameters?.some((parameter) => parameter.in === "query") ? ["400"] : []),
    ...(requestBody ? ["413", "415"] : []),
    ...(needsCaller ? ["401", "403", "429"] : []),
    "500",
    "503",
  ];
  const missing = statuses.filter((status) => responses?.[status] === undefined);
  return Object.fromEntries(missing.map((status) => [status, errorResponses[status] ?? bare]));
}

const bare: ResponseItem = { description: "An error" };

/** The framework lists every form that it could read; ours are JSON, or what a route says. */
function onlyOneForm(body: NonNullable<Operation["requestBody"]>) {
  const [type = "application/json"] = Object.keys(body.content);
  const { schema = {}, ...more } = body.content[type] ?? {};
  return { ...body, content: { [type]: { ...more, schema: plainSchema(schema) } } };
}

function plainParameter(parameter: Parameter): Parameter {
  const { description, ...schema } = plainSchema(parameter.schema);
  const text = parameter.description ?? description;
  return { ...parameter, schema, ...(typeof text === "string" ? { description: text } : {}) };
}

function plainResponse(response: ResponseItem): ResponseItem {
  const content = Object.entries(response.content ?? {}).map(([type, { schema, ...more }]) => [
    type,
    { ...more, schema: plainSchema(schema) },
  ]);
  return {
    ...response,
    headers: { ...response.headers, ...requestIdHeader },
    ...(content.length === 0 ? {} : { content: Object.fromEntries(content) }),
  };
}

function isUsed(name: string, paths: Readonly<Record<string, Record<string, Operation>>>): boolean {
  const operations = Object.values(paths).flatMap((item) => Object.values(item));
  return name === "Proxy" || operations.some((operation) => operation.tags?.includes(name));
}
