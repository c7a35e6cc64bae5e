import { Elysia } from "elysia";
import { AppError } from "../../errors.ts";
import type { DemoAccess } from "../access/demo-access.ts";
import { listsTag } from "../answer/conditional.ts";

/** One file of the page, ready to be answered with. */
export interface PageFile {
  readonly body: Blob;
  readonly headers: Readonly<Record<string, string>>;
}

/** By URL path: `/`, and what it loads in `/page/`. */
export type PageFiles = ReadonlyMap<string, PageFile>;

export interface PageDeps {
  /** Asked for by the first visitor: from source the page is built then. */
  readonly loadFiles: () => Promise<PageFiles>;
  /** `/setup`, which loads nothing else. */
  readonly setupPage: PageFile;
  readonly access: DemoAccess;
}

/** The first page and its files; a visitor who may use the demo is given its cookie with it. */
export function createPageRoutes({ loadFiles, setupPage, access }: PageDeps) {
  const find = createFind(loadFiles);
  const hidden = { detail: { hide: true } };
  return (
    new Elysia({ name: "page" })
      // Where the documented sign-in with a provider comes out. Relative, for a base path may be
      // before it; and with its query, which says what went wrong.
      .get(
        "/dashboard",
        ({ request: { url } }) => {
          const query = url.includes("?") ? url.slice(url.indexOf("?")) : "";
          const headers = { Location: `./${query}`, "Cache-Control": "no-store" };
          return new Response(null, { status: 302, headers });
        },
        hidden,
      )
      .get("/setup", ({ request }) => answerFile(setupPage, request.headers), hidden)
      .get(
        "/page/:file",
        async ({ request, params }) => {
          return answerFile(await find(`/page/${params.file}`), request.headers);
        },
        hidden,
      )
      .get(
        "/",
        async ({ request }) => {
          const response = answerFile(await find("/"), request.headers);
          if (await access.isWelcome(request.headers)) {
            response.headers.append("Set-Cookie", access.cookie);
          }
          return response;
        },
        hidden,
      )
  );
}

/** Loads the files once; what failed is tried again by the next visitor. */
function createFind(loadFiles: PageDeps["loadFiles"]): (path: string) => Promise<PageFile> {
  let loading: Promise<PageFiles> | undefined;
  return async (path) => {
    loading ??= loadFiles().catch((error) => {
      loading = undefined;
      throw error;
    });
    const file = (await loading).get(path);
    if (file === undefined) throw new AppError("not_found", "not found");
    return file;
  };
}

function answerFile({ body, headers }: PageFile, requestHeaders: Headers): Response {
  const etag = headers["ETag"];
  const known = requestHeaders.get("if-none-match");
  if (etag !== undefined && known !== null && listsTag(known, etag, "weak")) {
    return new Response(null, { status: 304, headers });
  }
  return new Response(body, { headers });
}
