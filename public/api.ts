import { RequestError } from "./problem.ts";

/** What the server says about its demo: a project to use, and pictures that it animates. */
export interface Demo {
  readonly projectKey: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly title: string;
  /** The source image's URL. */
  readonly src: string;
  readonly mp4Url: string;
  readonly posterUrl: string;
}

/** What a request for an `.mp4` learns: the clip is there, or work on it goes on. */
export type Answer =
  | { readonly kind: "ready"; readonly sizeBytes: number; readonly loopMode: string | undefined }
  | {
      readonly kind: "pending";
      readonly assetId: string;
      readonly etaMs: number;
      readonly retryAfterMs: number;
    };

export interface Api {
  /** The demo, or undefined where the server has none. */
  demo(signal: AbortSignal): Promise<Demo | undefined>;
  /** Stores the file and returns its public URL. */
  upload(file: File, signal: AbortSignal): Promise<string>;
  /** Asks for a clip; the first to ask starts the work. Refusals are thrown as RequestError. */
  ask(mp4Url: string, signal: AbortSignal): Promise<Answer>;
}

/** The server's wire as this page uses it. `base` is where the server is, ending in a slash. */
export function createApi(base: string): Api {
  return {
    async demo(signal) {
      const response = await send(`${base}api/demo`, { signal });
      if (response.status === 404) return undefined;
      return parseDemo(await readJson(response));
    },
    async upload(file, signal) {
      const body = new FormData();
      body.set("file", file);
      const response = await send(`${base}api/v1/upload`, { method: "POST", body, signal });
      return textAt(await readJson(response), "url");
    },
    async ask(mp4Url, signal) {
      // One byte tells a ready clip from a pending one without loading it twice.
      const headers = { Range: "bytes=0-0" };
      const response = await send(mp4Url, { headers, signal, cache: "no-store" });
      if (response.status === 200 || response.status === 206) return readyAnswer(response);
      return pendingAnswer(response, await readJson(response));
    },
  };
}

/** The same path on this page's own origin: the server may know itself by another name. */
export function onOrigin(url: string, base: string): string {
  const parsed = new URL(url, base);
  return new URL(parsed.pathname + parsed.search, base).href;
}

async function send(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { credentials: "same-origin", ...init }).catch((cause) => {
    if (init.signal?.aborted) throw cause;
    throw new RequestError(0, "no answer");
  });
  if (response.ok || response.status === 404) return response;
  throw await refusal(response);
}

async function refusal(response: Response): Promise<RequestError> {
  const body: unknown = await response.json().catch(() => undefined);
  const text = isRecord(body) && typeof body["error"] === "string" ? body["error"] : "";
  return new RequestError(response.status, text, response.headers.get("X-Request-Id") ?? undefined);
}

async function readJson(response: Response): Promise<unknown> {
  if (!response.ok) throw await refusal(response);
  const body: unknown = await response.json().catch(() => undefined);
  if (isRecord(body)) return body;
  throw new RequestError(response.status, "an answer that is not a JSON object");
}

function readyAnswer(response: Response): Answer {
  // `Content-Range: bytes 0-0/123456`, RFC 9110 §14.4.
  const total = /\/(\d+)$/.exec(response.headers.get("Content-Range") ?? "")?.[1];
  const length = total ?? response.headers.get("Content-Length");
  void response.body?.cancel();
  return {
    kind: "ready",
    sizeBytes: Number(length ?? 0),
    loopMode: response.headers.get("X-Motioness-Loop") ?? undefined,
  };
}

function pendingAnswer(response: Response, body: unknown): Answer {
  const { headers } = response;
  return {
    kind: "pending",
    assetId: textAt(body, "asset_id"),
    etaMs: positive(headers.get("X-Motioness-Eta-Ms"), 30_000),
    retryAfterMs: positive(headers.get("Retry-After"), 5) * 1000,
  };
}

function parseDemo(body: unknown): Demo {
  const samples = isRecord(body) && Array.isArray(body["samples"]) ? body["samples"] : [];
  return { projectKey: textAt(body, "project_key"), samples: samples.map(parseSample) };
}

function parseSample(sample: unknown): Sample {
  return {
    title: textAt(sample, "title"),
    src: textAt(sample, "src"),
    mp4Url: textAt(sample, "mp4_url"),
    posterUrl: textAt(sample, "poster_url"),
  };
}

function textAt(body: unknown, key: string): string {
  const value = isRecord(body) ? body[key] : undefined;
  if (typeof value === "string" && value !== "") return value;
  throw new RequestError(500, `an answer without ${key}`);
}

function positive(text: string | null, fallback: number): number {
  const value = Number(text ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : fallback;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
