import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type {
  Content,
  Json,
  JsonObject,
  OpenApiDocument,
  Operation,
  Parameter,
} from "../src/http/reference/open-api.ts";

const root = join(import.meta.dir, "..");
const typesFile = join(root, "packages/proxy-client/src/openapi.ts");
const documentFile = join(root, "docs/openapi.json");

/**
 * The types of the client package, made from the document that a server of this very source
 * serves. `npm run types` writes them; a test compares. Ours, because the package that does this
 * needs a compiler older than this project's.
 */
export function makeApiTypes({ paths, components }: OpenApiDocument): string {
  const header = "// Made from the server's OpenAPI document by `npm run types`; do not edit.";
  const items = Object.entries(paths)
    .filter(([path]) => path.startsWith("/api/"))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, item]) => {
      const operations = Object.entries(item).map(
        ([method, operation]) => `readonly ${method}: ${operationType(operation)};`,
      );
      return `readonly "${path}": { ${operations.join(" ")} };`;
    });
  const named = Object.entries(components.schemas ?? {}).map(
    ([name, schema]) => `export type ${name} = ${schemaType(schema)};`,
  );
  return `${header}\n\n${named.join("\n\n")}\n\nexport interface paths {\n${items.join("\n")}\n}\n`;
}

function operationType({ parameters = [], requestBody, responses }: Operation): string {
  const body = requestBody && bodyType(requestBody.content);
  // A client throws the others, and their shape is one.
  const good = Object.entries(responses).filter(([status]) => /^[23]/.test(status));
  const answers = good.map(([status, response]) => {
    const json = "$ref" in response ? undefined : response.content?.["application/json"];
    return `readonly ${status}: ${json ? contentType(json.schema) : "unknown"};`;
  });
  const mark = requestBody?.required ? "" : "?";
  const places = ["path", "query"].map((place) => placeType(place, parameters));
  return [
    `{ readonly parameters: { ${places.join(" ")} };`,
    ...(body ? [`readonly requestBody${mark}: ${body};`] : []),
    `readonly responses: { ${answers.join(" ")} }; }`,
  ].join(" ");
}

/** A file is sent in a form, and its fields are no business of the compiler's. */
function bodyType(content: Content): string {
  const json = content["application/json"];
  if (json) return contentType(json.schema);
  return `{ readonly content: { readonly "multipart/form-data": FormData } }`;
}

function placeType(place: string, parameters: readonly Parameter[]): string {
  const own = parameters.filter((parameter) => parameter.in === place);
  const isNeeded = own.some(({ required }) => required);
  const fields = own.map(
    ({ name, required, schema }) =>
      `readonly ${name}${required ? "" : "?"}: ${schemaType(schema)};`,
  );
  return own.length === 0
    ? `readonly ${place}?: undefined;`
    : `readonly ${place}${isNeeded ? "" : "?"}: { ${fields.join(" ")} };`;
}

function contentType(schema: JsonObject): string {
  return `{ readonly content: { readonly "application/json": ${schemaType(schema)} } }`;
}

/** A JSON Schema, as far as the document uses it, as a type. */
function schemaType(schema: JsonObject): string {
  const either = schema["anyOf"] ?? schema["oneOf"];
  if (typeof schema["$ref"] === "string") return schema["$ref"].split("/").at(-1) ?? "unknown";
  if (schema["const"] !== undefined) return JSON.stringify(schema["const"]);
  if (isList(schema["enum"])) return schema["enum"].map((one) => JSON.stringify(one)).join(" | ");
  if (isList(either)) return either.map((one) => schemaType(objectOf(one))).join(" | ");
  const types = isList(schema["type"]) ? schema["type"] : [schema["type"]];
  return types.map((type) => simpleType(String(type), schema)).join(" | ");
}

function simpleType(type: string, schema: JsonObject): string {
  if (type === "integer") return "number";
  if (type === "array") return `readonly (${schemaType(objectOf(schema["items"]))})[]`;
  if (type === "object") return objectType(schema);
  return ["string", "number", "boolean", "null"].includes(type) ? type : "unknown";
}

function objectType(schema: JsonObject): string {
  const required = isList(schema["required"]) ? schema["required"] : [];
  const fields = Object.entries(objectOf(schema["properties"])).map(
    ([name, value]) =>
      `readonly ${name}${required.includes(name) ? "" : "?"}: ${schemaType(objectOf(value))};`,
  );
  return fields.length === 0 ? "Readonly<Record<string, unknown>>" : `{ ${fields.join(" ")} }`;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !isList(value) ? (value as JsonObject) : {};
}

/** Starts the server in an empty folder, as anybody would, and asks it. */
async function serveDocument(): Promise<OpenApiDocument> {
  const folder = await mkdtemp(join(tmpdir(), "motioness-types-"));
  const server = Bun.spawn([process.execPath, join(root, "src/main.ts"), "serve"], {
    cwd: folder,
    env: { ...process.env, MOTIONESS_LISTEN: "127.0.0.1:0", MOTIONESS_LOG_FORMAT: "json" },
    stdout: "pipe",
    stderr: "ignore",
  });
  try {
    for await (const chunk of server.stdout) {
      const url = /listening on (\S+)/.exec(Buffer.from(chunk).toString())?.[1];
      if (url) return (await (await fetch(`${url}/api/openapi.json`)).json()) as OpenApiDocument;
    }
    throw new Error("the server ended before it listened");
  } finally {
    server.kill();
    await server.exited;
    await rm(folder, { recursive: true });
  }
}

/** The document as it is kept: of no server in particular. */
export function keptDocument(document: OpenApiDocument): OpenApiDocument {
  const servers = [{ url: "http://127.0.0.1:8477", description: "This server" }];
  return { ...document, info: { ...document.info, version: "0.0.0" }, servers };
}

if (import.meta.main) {
  const document = await serveDocument();
  await Bun.write(typesFile, makeApiTypes(document));
  await Bun.write(documentFile, JSON.stringify(keptDocument(document)));
  const files = [typesFile, documentFile];
  const format = [process.execPath, "run", "--silent", "--bun", "biome", "format", "--write"];
  process.exitCode = await Bun.spawn([...format, ...files], { cwd: root, stdout: "ignore" }).exited;
}
