import { join } from "node:path";
import { createGuardedClient } from "../../src/net/client.ts";
import type { Exchange } from "../../src/net/exchange.ts";

const folder = join(import.meta.dir, "..", "fixtures", "site");
const host = "127.0.0.2";

export type Answer = (request: Request) => Response | Promise<Response> | undefined;

export interface BrandSite {
  readonly origin: string;
  readonly port: number;
  /** Paths that were asked for, in order. */
  readonly visits: readonly string[];
  close(): Promise<void>;
}

const files: Readonly<Record<string, string>> = {
  "/": "index.html",
  "/pricing": "pricing.html",
  "/blog": "blog.html",
  "/features": "features.html",
  "/assets/site.css": "site.css",
};

/** A small shop window on this machine; `answer` goes first, and may leave a request to it. */
export function openBrandSite(answer: Answer = () => undefined): BrandSite {
  const visits: string[] = [];
  const server = Bun.serve({
    hostname: host,
    port: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      visits.push(pathname + search);
      const given = await answer(request);
      if (given) return given;
      if (pathname === "/robots.txt") {
        return new Response("User-agent: *\nDisallow: /private/\n");
      }
      const file = files[pathname];
      if (file === undefined) return html("<h1>No such page</h1>", { status: 404 });
      return new Response(Bun.file(join(folder, file)));
    },
  });
  return {
    origin: `http://${host}:${server.port}`,
    port: server.port ?? 0,
    visits,
    close: () => server.stop(true),
  };
}

/** A page of a site, as HTML. */
export function html(text: string, init: ResponseInit = {}): Response {
  return new Response(text, {
    ...init,
    headers: { "Content-Type": "text/html; charset=utf-8", ...init.headers },
  });
}

/** The guarded client of a machine whose internet is 127.0.0.2 alone. */
export function createTestExchange(
  resolve?: (hostname: string) => Promise<readonly string[]>,
): Exchange {
  const deps = { now: Date.now, ownOrigins: () => [], ...(resolve ? { resolve } : {}) };
  return createGuardedClient(deps, { allowPrivate: [`${host}/32`] }).exchange;
}
