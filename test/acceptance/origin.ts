import { smallPicture } from "../support/small-picture.ts";

const picture = await smallPicture();
const tooLarge = new Uint8Array(10 * 1024 * 1024 + 1).fill(7);
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"/>';
// What an mp4 begins with: a box of 24 bytes, `ftyp`.
const movie = Uint8Array.from([0, 0, 0, 24, ...new TextEncoder().encode("ftypisom0000isommp42")]);

/** Somebody's web site with pictures, good and bad; it counts how often each is asked for. */
export function openOrigin() {
  const asked = new Map<string, number>();
  const fixed = new Set<string>();
  let letGo: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const options = {
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(request: Request) {
      const { pathname } = new URL(request.url);
      const times = (asked.get(pathname) ?? 0) + 1;
      asked.set(pathname, times);
      const [kind = ""] = pathname.slice(1).split(/[-.]/);
      if (fixed.has(pathname)) return new Response(picture);
      if (kind === "missing") return new Response("not here", { status: 404 });
      if (kind === "broken") return new Response("out of order", { status: 500 });
      if (kind === "flaky" && times === 1) return new Response("busy", { status: 503 });
      if (kind === "large") return new Response(tooLarge, type("image/png"));
      if (kind === "vector") return new Response(svg, type("image/svg+xml"));
      if (kind === "movie") return new Response(movie, type("video/mp4"));
      if (kind === "unknown") return new Response("what is this", type("application/x-thing"));
      if (kind === "slow") await held;
      return new Response(picture, type("image/png"));
    },
  };
  // What is slow has a server of its own: of one host only a few sources are fetched at once.
  const servers = [Bun.serve(options), Bun.serve(options)] as const;
  const serverOf = (name: string) => servers[name.startsWith("slow") ? 1 : 0];
  return {
    /** As they stand in an allowlist: scheme, host and port. */
    origins: servers.map(({ url }) => url.origin),
    hostOf: (name: string) => serverOf(name).url.host,
    urlOf: (name: string) => `${serverOf(name).url.origin}/${name}`,
    picture,
    tooLarge,
    svg,
    timesAsked: (path: string) => asked.get(path) ?? 0,
    /** From now on there is a good picture. */
    fix: (path: string) => void fixed.add(path),
    async stop() {
      letGo();
      await Promise.all(servers.map((server) => server.stop(true)));
    },
  };
}

export type Origin = ReturnType<typeof openOrigin>;

const type = (contentType: string) => ({ headers: { "content-type": contentType } });
