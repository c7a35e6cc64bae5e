import { join } from "node:path";
import type { AssetView } from "../../assets/request.ts";
import { AppError } from "../../errors.ts";
import { inspectPicture } from "../../media/picture/picture.ts";
import { stillPoster } from "../../media/picture/poster.ts";
import { createSlots } from "../../net/slots.ts";
import type { Storage } from "../../storage/storage.ts";
import { withTemporaryFolder } from "../request/temporary-folder.ts";
import { createPosterCache, type Poster } from "./poster-cache.ts";
import { renderSourcePoster } from "./poster-image.ts";
import type { ProxyRequest } from "./resolve.ts";

/** Reads a source: an own upload from storage, anything else through the guarded client. */
export interface PosterSources {
  /** Writes the bytes to `path`. @throws AppError `source_unfetchable`, `source_too_large`. */
  read(src: string, path: string, options: PosterSourceOptions): Promise<void>;
}

export interface PosterSourceOptions {
  readonly signal: AbortSignal;
  /** The project's origins: their ports may be reached. */
  readonly allowedOrigins: readonly string[];
}

export interface PostersDeps {
  readonly storage: Storage;
  readonly sources: PosterSources;
  readonly clock: { now(): number };
  /** Where a source lies while it is made a poster of. */
  readonly scratchRoot: string;
  /** Of one poster, with the wait for its turn. */
  readonly timeoutMs?: number;
}

export interface Posters {
  /**
   * The poster of an asset as it is now: of its clip when one is ready, else of the source.
   * @throws AppError `source_unfetchable`, `source_too_large`, `source_unsupported`, `unavailable`.
   */
  find(proxied: ProxyRequest, view: AssetView | undefined): Promise<Poster>;
  /** A poster that `find` gave, while it is held in memory. */
  held(key: string): Poster | undefined;
}

const cacheLimits = { bytesMax: 32 * 1024 * 1024, entriesMax: 10_000 };
/** Each takes a core for some tens of milliseconds and a decoded picture of up to 50 MB. */
const drawingLimits = { perHostMax: 2, waitingMax: 128 };
/** Most of this time is spent waiting for other servers, which must not keep the rest waiting. */
const makingLimits = { perHostMax: 32, waitingMax: 128 };
const timeoutMsDefault = 20_000;

/** Makes posters: each once, however many ask, and few at a time. */
export function createPosters(deps: PostersDeps): Posters {
  const cache = createPosterCache(deps.clock, cacheLimits);
  const makeInTurn = createSlots(makingLimits);
  const drawInTurn = createSlots(drawingLimits);
  const inFlight = new Map<string, Promise<Poster>>();

  const make = async (key: string, render: Render, growsOld: boolean): Promise<Poster> => {
    // Not the caller's signal: others may wait for the same poster.
    const signal = AbortSignal.timeout(deps.timeoutMs ?? timeoutMsDefault);
    const draw: Draw = (work) => drawInTurn("posters", signal, work);
    const making = makeInTurn("posters", signal, () => render(signal, draw));
    const bytes = await making.catch((cause) => {
      if (!signal.aborted) throw cause;
      throw new AppError("unavailable", "the poster takes too long; try again", { cause });
    });
    const hash = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
    const blob = new Blob([new Uint8Array(bytes)]);
    const poster = { key, blob, etag: `"${hash.slice(0, 32)}"`, madeMs: deps.clock.now() };
    cache.put(poster, { growsOld });
    return poster;
  };

  return {
    async find(proxied, view) {
      const { w: width } = proxied.url.options;
      const storedKey = view?.current?.poster_key ?? undefined;
      const key = `${storedKey ?? sourceIdentity(proxied)}@${width ?? "full"}`;
      const found = cache.get(key) ?? inFlight.get(key);
      if (found) return found;
      const render: Render = (signal, draw) =>
        storedKey === undefined
          ? posterOfSource(deps, proxied, signal, draw)
          : posterOfClip(deps.storage, storedKey, width, draw);
      const started = make(key, render, storedKey === undefined).finally(() =>
        inFlight.delete(key),
      );
      inFlight.set(key, started);
      return started;
    },
    held: cache.get,
  };
}

/** Runs the part of the work that takes a core, when one is to be had. */
type Draw = (work: () => Promise<Uint8Array>) => Promise<Uint8Array>;
type Render = (signal: AbortSignal, draw: Draw) => Promise<Uint8Array>;

/** Whatever else differs between two requests, these two make the picture. */
function sourceIdentity({ asset }: ProxyRequest): string {
  return JSON.stringify([asset.src, asset.aspect]);
}

async function posterOfClip(
  storage: Storage,
  key: string,
  width: number | undefined,
  draw: Draw,
): Promise<Uint8Array> {
  const opened = await storage.open(key);
  if (!opened) {
    throw new AppError("unavailable", "the stored poster is missing; try again later", {
      cause: new Error(`storage has no object ${key}`),
    });
  }
  const jpeg = await new Response(opened.body).bytes();
  return width === undefined ? jpeg : draw(() => stillPoster(jpeg, { width }));
}

async function posterOfSource(
  { sources, scratchRoot }: PostersDeps,
  { asset, project, url }: ProxyRequest,
  signal: AbortSignal,
  draw: Draw,
): Promise<Uint8Array> {
  return withTemporaryFolder(scratchRoot, "poster-", async (folder) => {
    const path = join(folder, "source");
    await sources.read(asset.src, path, { signal, allowedOrigins: project.allowedOrigins });
    const picture = await inspectPicture(path);
    const { aspect } = asset;
    const { w: width } = url.options;
    return await draw(() => renderSourcePoster({ path, picture, aspect, width, signal }));
  });
}
