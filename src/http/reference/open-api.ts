/** JSON as the document holds it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** As much of OpenAPI 3.1 as this server writes and reads. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: JsonObject;
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, PathItem>>;
  /** What is sent by this server, by the message's type. */
  readonly webhooks: Readonly<Record<string, PathItem>>;
  readonly components: {
    readonly securitySchemes: JsonObject;
    readonly headers: JsonObject;
    readonly responses: Readonly<Record<string, ResponseItem>>;
    readonly schemas?: Readonly<Record<string, JsonObject>>;
  };
}

export const methods = ["get", "post", "put", "patch", "delete"] as const;
export type Method = (typeof methods)[number];
export type PathItem = { readonly [M in Method]?: Operation };

export interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly JsonObject[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: RequestBody;
  readonly responses: Readonly<Record<string, ResponseItem | Reference>>;
}

/** Whether it is refused to whoever shows nothing. */
export function isLocked({ security = [] }: Pick<Operation, "security">): boolean {
  return security.length > 0 && security.every((way) => Object.keys(way).length > 0);
}

/** To a part that many operations share. */
export interface Reference {
  readonly $ref: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: JsonObject;
  readonly example?: Json;
}

export interface RequestBody {
  readonly required?: boolean;
  readonly content: Content;
}

export interface ResponseItem {
  readonly description: string;
  readonly headers?: JsonObject;
  readonly content?: Content;
}

export type Content = Readonly<Record<string, { readonly schema: JsonObject; example?: Json }>>;

/** A response itself, wherever it stands. */
export function responseOf(
  { components }: Pick<OpenApiDocument, "components">,
  response: ResponseItem | Reference,
): ResponseItem {
  if (!("$ref" in response)) return response;
  const found = components.responses[response.$ref.split("/").at(-1) ?? ""];
  if (!found) throw new Error(`${response.$ref} is not in the document`);
  return found;
}
