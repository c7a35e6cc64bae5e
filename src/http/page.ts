import { Elysia } from "elysia";
import { listsTag } from "./conditional.ts";
import type { DemoAccess } from "./demo-access.ts";

/** One file of the page, ready to be answered with. */
export interface PageFile {
  readonly body: Blob;
  readonly headers: Readonly<Record<string, string>>;
}

export interface PageDeps {
  /** By URL path: `/` and what it loads. */
  readonly files: ReadonlyMap<string, PageFile>;
  readonly access: DemoAccess;
}

/** The first page and its files; a visitor who may use the demo is given its cookie with it. */
export function createPageRoutes({ files, access }: PageDeps) {
  const routes = new Elysia({ name: "page" });
  for (const [path, file] of files) {
    routes.get(
      path,
      async ({ request }) => {
        const response = answerFile(file, request.headers);
        if (path === "/" && (await access.isWelcome(request.headers))) {
          response.headers.append("Set-Cookie", access.cookie);
        }
        return response;
      },
      { detail: { hide: true } },
    );
  }
  return routes;
}

function answerFile({ body, headers }: PageFile, requestHeaders: Headers): Response {
  const etag = headers["ETag"];
  const known = requestHeaders.get("if-none-match");
  if (etag !== undefined && known !== null && listsTag(known, etag, "weak")) {
    return new Response(null, { status: 304, headers });
  }
  return new Response(body, { headers });
}
