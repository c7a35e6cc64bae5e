import { join } from "node:path";
import { loadPageFiles } from "../../public/page-files.ts";

const root = join(import.meta.dir, "..", "..");

export interface ScriptedEvent {
  readonly name: string;
  readonly stage?: string;
  readonly error_code?: string;
  readonly error_msg?: string;
}

export interface Script {
  /** Titles of the samples; undefined for a server that has no demo. */
  readonly samples: readonly string[] | undefined;
  /** What happens to every asset, in order. */
  readonly events: readonly ScriptedEvent[];
  /** Waited for before an event happens. */
  readonly before?: (event: ScriptedEvent, mp4Path: string) => Promise<void> | void;
  /** Answers a request in place of the server, or lets it. */
  readonly intercept?: (request: Request) => Response | undefined;
  /** The clip that every asset becomes, by its path; a small one when not given. */
  readonly clip?: (mp4Path: string) => string;
}

export interface ScriptedServer {
  readonly url: string;
  /** Method and path of every request, in the order they came. */
  readonly requests: readonly string[];
  /** How many event streams are open. */
  streamsOpen(): number;
  /** The most event streams that were open at one time. */
  streamsPeak(): number;
  close(): Promise<void>;
}

interface ScriptedAsset {
  readonly id: string;
  readonly log: { readonly id: number; readonly frame: string }[];
  readonly wakers: Set<() => void>;
  state: "pending" | "ready" | "failed";
}

export const projectKey = "pk_scripted";

/** A loop's events from the first to the last. */
export const loopEvents: readonly ScriptedEvent[] = [
  { name: "queued" },
  { name: "vision_started" },
  { name: "vision_completed" },
  ...["stage1", "stage2", "merge"].flatMap((stage) => [
    { name: "stage_started", stage },
    { name: "stage_completed", stage },
  ]),
  { name: "r2_write_completed" },
  { name: "ready" },
];

/**
 * A server that speaks the page's wire and does what it is told: for the faults and orders of
 * events that the real server cannot be asked for.
 */
export async function openScriptedServer(script: Script): Promise<ScriptedServer> {
  const page = await loadPageFiles();
  const assets = new Map<string, ScriptedAsset>();
  const requests: string[] = [];
  let streamsPeak = 0;
  let uploads = 0;
  const streamsOpen = () => [...assets.values()].reduce((sum, asset) => sum + asset.wakers.size, 0);
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(request) {
      const url = new URL(request.url);
      requests.push(`${request.method} ${url.pathname}${url.search}`);
      const intercepted = script.intercept?.(request);
      if (intercepted !== undefined) return intercepted;
      const file = page.get(url.pathname);
      if (file !== undefined) return new Response(file.body, { headers: file.headers });
      if (url.pathname === "/api/demo") return demo(script, url.origin);
      if (url.pathname === "/api/v1/upload") return upload(request, url.origin, ++uploads);
      const events = /^\/v1\/[^/]+\/events\/(.+)$/.exec(url.pathname);
      if (events) {
        const response = stream(request, findAsset(assets, events[1]));
        streamsPeak = Math.max(streamsPeak, streamsOpen());
        return response;
      }
      if (url.pathname.endsWith(".jpg")) return still(url.pathname);
      if (url.pathname.endsWith(".mp4")) return clip(request, url, script, assets);
      return Response.json({ error: "not found" }, { status: 404 });
    },
  });
  return {
    url: server.url.href,
    requests,
    streamsOpen,
    streamsPeak: () => streamsPeak,
    close: () => server.stop(true),
  };
}

function demo({ samples }: Script, origin: string): Response {
  if (samples === undefined) return Response.json({ error: "not found" }, { status: 404 });
  const host = origin.slice("http://".length);
  return Response.json({
    project_key: projectKey,
    samples: samples.map((title) => {
      const file = `uploads/usr_demo/${title.toLowerCase()}.jpg`;
      const proxied = `${origin}/v1/${projectKey}/${host}/${file}`;
      return {
        title,
        src: `${origin}/${file}`,
        mp4_url: `${proxied}.mp4`,
        poster_url: `${proxied}.jpg`,
      };
    }),
  });
}

async function upload(request: Request, origin: string, count: number): Promise<Response> {
  const file = (await request.formData()).get("file");
  if (!(file instanceof Blob)) return Response.json({ error: "no file" }, { status: 400 });
  const key = `uploads/usr_demo/1700000000000-${count}.jpg`;
  return Response.json({ url: `${origin}/${key}`, key });
}

function still(path: string): Response {
  const name = /([a-z]+)\.jpg(?:\.jpg)?$/.exec(path)?.[1] ?? "";
  const known = ["rocket", "coffee", "cat", "portrait"].includes(name) ? name : "rocket";
  return new Response(Bun.file(join(root, "assets", "samples", `${known}.jpg`)));
}

async function clip(
  request: Request,
  url: URL,
  script: Script,
  assets: Map<string, ScriptedAsset>,
): Promise<Response> {
  const path = url.pathname + url.search;
  const asset = assets.get(path) ?? startAsset(path, script, assets);
  if (asset.state === "failed") {
    return Response.json({ error: "last generation failed", asset_id: asset.id }, { status: 502 });
  }
  if (asset.state === "pending") {
    const headers = { "Retry-After": "30", "X-Motioness-Eta-Ms": "9000" };
    const body = { status: "pending", asset_id: asset.id, eta_seconds: 9 };
    return Response.json(body, { status: 202, headers });
  }
  const file = Bun.file(script.clip?.(path) ?? join(import.meta.dir, "../fixtures/clip.mp4"));
  return ranged(request, new Blob([await file.arrayBuffer()], { type: "video/mp4" }));
}

function ranged(request: Request, body: Blob): Response {
  const headers = { "Accept-Ranges": "bytes", "X-Motioness-Loop": "native" };
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") ?? "");
  if (!range) return new Response(body, { headers });
  const start = Number(range[1]);
  const end = range[2] === "" ? body.size - 1 : Math.min(Number(range[2]), body.size - 1);
  return new Response(body.slice(start, end + 1), {
    status: 206,
    headers: { ...headers, "Content-Range": `bytes ${start}-${end}/${body.size}` },
  });
}

function startAsset(
  path: string,
  script: Script,
  assets: Map<string, ScriptedAsset>,
): ScriptedAsset {
  const id = (assets.size + 1).toString(16).padStart(16, "0");
  const asset: ScriptedAsset = { id, log: [], wakers: new Set(), state: "pending" };
  assets.set(path, asset);
  void (async () => {
    for (const event of script.events) {
      await script.before?.(event, path);
      const { name, ...payload } = event;
      const eventId = Math.max(Date.now(), (asset.log.at(-1)?.id ?? 0) + 1);
      const data = { ...payload, asset_id: id, ts: eventId, attempt: 1, request_id: "req_0" };
      const frame = `id: ${eventId}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
      asset.log.push({ id: eventId, frame });
      if (name === "ready") asset.state = "ready";
      if (name === "failed" || name === "cancelled") asset.state = "failed";
      for (const wake of asset.wakers) wake();
    }
  })();
  return asset;
}

function findAsset(
  assets: ReadonlyMap<string, ScriptedAsset>,
  id: string | undefined,
): ScriptedAsset | undefined {
  return [...assets.values()].find((asset) => asset.id === id);
}

function stream(request: Request, asset: ScriptedAsset | undefined): Response {
  if (asset === undefined) return Response.json({ error: "not found" }, { status: 404 });
  let sent = Number(request.headers.get("Last-Event-ID") ?? 0);
  let wake = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      wake = () => {
        for (const { id, frame } of asset.log) {
          if (id <= sent) continue;
          controller.enqueue(new TextEncoder().encode(frame));
          sent = id;
        }
      };
      asset.wakers.add(wake);
      wake();
    },
    cancel() {
      asset.wakers.delete(wake);
    },
  });
  return new Response(body, {
    headers: { "Content-Type": "text/event-stream", "Cache-Control": "no-store" },
  });
}
