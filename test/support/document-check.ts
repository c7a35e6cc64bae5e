import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import {
  type Json,
  type JsonObject,
  type Method,
  type OpenApiDocument,
  type Operation,
  responseOf,
} from "../../src/http/reference/open-api.ts";
import { inlineSchemas } from "./inline-schemas.ts";

/** An answer of the server, as far as the document speaks of it. */
export interface Answer {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  /** The JSON text, where there is any. */
  readonly body: string | undefined;
}

interface Described {
  readonly pattern: RegExp;
  readonly operations: Partial<Record<Method, Operation>>;
}

/** Methods and statuses that every path has, and no document lists. */
const unlistedMethods = ["OPTIONS", "TRACE", "CONNECT"];
const unlistedStatuses = [404, 405];

/** Compares answers with the document. @returns what is not as the document says. */
export function createDocumentCheck(named: OpenApiDocument): (answer: Answer) => string[] {
  const document = inlineSchemas(named);
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  const paths: readonly Described[] = Object.entries(document.paths).map(([path, operations]) => ({
    pattern: patternOf(path),
    operations,
  }));
  const compiled = new Map<JsonObject, ValidateFunction>();
  const compile = (schema: JsonObject) => {
    const known = compiled.get(schema) ?? ajv.compile(schema);
    compiled.set(schema, known);
    return known;
  };
  return (answer) => {
    if (unlistedMethods.includes(answer.method)) return [];
    const method = (answer.method === "HEAD" ? "get" : answer.method.toLowerCase()) as Method;
    const found = paths.find(({ pattern }) => pattern.test(answer.path));
    const operation = found?.operations[method];
    if (!operation) return isUnlisted(answer) ? [] : ["the document does not know this route"];
    return problemsOf(document, operation, answer, compile);
  };
}

function problemsOf(
  document: OpenApiDocument,
  operation: Operation,
  { method, status, headers, body }: Answer,
  compile: (schema: JsonObject) => ValidateFunction,
): string[] {
  const listed = operation.responses[String(status)];
  if (!listed) return [`the document does not know the status ${status} here`];
  const response = responseOf(document, listed);
  const problems = headers.has("x-request-id") ? [] : ["there is no X-Request-Id"];
  const type = headers.get("content-type")?.split(";")[0] ?? "";
  const content = response.content ?? {};
  const known = content[type] ?? content[type.replace(/\/.*/, "/*")];
  if (method === "HEAD" || status === 204 || status === 304) return problems;
  if (!known) {
    const isExpected = Object.keys(content).length === 0 && body === undefined;
    return isExpected
      ? problems
      : [...problems, `the document does not know the type ${type} here`];
  }
  if (type !== "application/json" || body === undefined) return problems;
  const validate = compile(known.schema);
  if (validate(JSON.parse(body) as Json)) return problems;
  const faults = validate.errors?.map((fault) => `${fault.instancePath || "/"} ${fault.message}`);
  return [...problems, ...(faults ?? [])];
}

/** What has no route is answered 404, or 405 when the path has others. */
function isUnlisted({ status, path }: Answer): boolean {
  return unlistedStatuses.includes(status) || !path.startsWith("/api/");
}

/** A source may hold slashes; nothing else does. */
function patternOf(path: string): RegExp {
  const text = path
    .replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&")
    .replaceAll("{source}", ".+")
    .replaceAll(/\{\w+\}/g, "[^/]+");
  return new RegExp(`^${text}$`);
}
