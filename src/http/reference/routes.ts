import { type AnyElysia, Elysia } from "elysia";
import { answerStaticFile, createTextFile, type StaticFile } from "../answer/static-file.ts";
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
  let files: Promise<ReferenceFiles> | undefined;
  const made = () => {
    files ??= createDocument({ ...deps, app: app() }).then(filesOf);
    return files;
  };
  return new Elysia({ name: "reference" })
    .get(
      "/api/openapi.json",
      async ({ request }) => answerStaticFile((await made()).document, request.headers),
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
            304: { description: "What the caller has is current." },
          },
        },
      },
    )
    .get("/docs", async ({ request }) => answerStaticFile((await made()).page, request.headers));
}

interface ReferenceFiles {
  readonly document: StaticFile;
  readonly page: StaticFile;
}

function filesOf(document: OpenApiDocument): ReferenceFiles {
  return {
    document: createTextFile(JSON.stringify(nameSchemas(document)), {
      ...common,
      "Content-Type": "application/json;charset=utf-8",
      "Access-Control-Allow-Origin": "*",
    }),
    page: createTextFile(renderReference(document), {
      ...common,
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": policy,
    }),
  };
}

const common = { "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff" } as const;
