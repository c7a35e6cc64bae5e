import { Elysia } from "elysia";
import { AppError } from "../../errors.ts";
import type { DemoAccess } from "../access/demo-access.ts";
import { answerStaticFile, type StaticFile } from "../answer/static-file.ts";

/** By URL path: `/`, and what it loads in `/page/`. */
export type PageFiles = ReadonlyMap<string, StaticFile>;

export interface PageDeps {
  /** Asked for by the first visitor: from source the page is built then. */
  readonly loadFiles: () => Promise<PageFiles>;
  /** `/setup`, which loads nothing else. */
  readonly setupPage: StaticFile;
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
      .get("/setup", ({ request }) => answerStaticFile(setupPage, request.headers), hidden)
      .get(
        "/page/:file",
        async ({ request, params }) => {
          return answerStaticFile(await find(`/page/${params.file}`), request.headers);
        },
        hidden,
      )
      .get(
        "/",
        async ({ request }) => {
          const response = answerStaticFile(await find("/"), request.headers);
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
function createFind(loadFiles: PageDeps["loadFiles"]): (path: string) => Promise<StaticFile> {
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
