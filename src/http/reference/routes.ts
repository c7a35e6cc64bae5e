import { type AnyElysia, Elysia } from "elysia";
import { createDocument } from "./document.ts";
import { nameSchemas } from "./named-schemas.ts";
import type { OpenApiDocument } from "./open-api.ts";
import { renderReference } from "./page.ts";
import { script } from "./script.ts";
import { style } from "./style.ts";

export interface ReferenceDeps {
  /** The instance whose routes are described; read when somebody first asks. */
  readonly app: () => Pick<AnyElysia, "routes">;
  readonly baseUrl: string;
  readonly version: string;
}

const hashOf = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("base64");
/** Nothing but the page itself, its own style and its own script. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${hashOf(style)}'`,
  `script-src 'sha256-${hashOf(script)}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** `/api/openapi.json`, and the same for people at `/docs`. Neither changes while it runs. */
export function createReferenceRoutes({ app, ...deps }: ReferenceDeps) {
  let document: Promise<OpenApiDocument> | undefined;
  let page: string | undefined;
  const made = () => {
    document ??= createDocument({ ...deps, app: app() });
    return document;
  };
  return new Elysia({ name: "reference" })
    .get(
      "/api/openapi.json",
      async () =>
        Response.json(nameSchemas(await made()), {
          headers: { ...common, "Access-Control-Allow-Origin": "*" },
        }),
      {
        detail: {
          operationId: "getOpenApiDocument",
          summary: "This document",
          tags: ["Server"],
          responses: {
            200: {
              description: "OpenAPI 3.1.",
              content: { "application/json": { schema: { type: "object" } } },
            },
          },
        },
      },
    )
    .get("/docs", async () => {
      page ??= renderReference(await made());
      return new Response(page, {
        headers: {
          ...common,
          "Content-Type": "text/html; charset=utf-8",
          "Content-Security-Policy": policy,
        },
      });
    });
}

const common = { "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff" } as const;
