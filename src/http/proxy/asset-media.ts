import type { Rendition } from "../../db/rendition-table.ts";
import type { Asset, Generation } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import type { Bodies, ServedObject } from "../answer/bodies.ts";
import type { Media } from "../answer/media-response.ts";
import { regenerateHint } from "./clip-answer.ts";
import { cacheHeaders, corsHeaders } from "./proxy-headers.ts";
import { lastModifiedMs } from "./version.ts";

/** What of an asset a URL means. */
export interface Served {
  readonly asset: Asset;
  readonly generation: Generation;
  /** The number that the URL names; only that one is immutable under the URL. */
  readonly version: number | undefined;
}

/** The clip of a generation. */
export function clipMedia(bodies: Bodies, served: Served): Media {
  const { asset, generation } = served;
  const { media_key: key, media_sha256: sha256, bytes: sizeBytes, ended_at: endedMs } = generation;
  if (key === null || sha256 === null || sizeBytes === null) {
    throw withoutMedia(`generation ${generation.id} is current and has no media`);
  }
  return assetMedia(bodies, served, {
    object: { key, sizeBytes, lost: regenerateHint(asset.id) },
    sha256,
    contentType: "video/mp4",
    madeMs: endedMs ?? generation.created_at,
    headers: readyHeaders(generation),
  });
}

/** Another form of the clip of a generation. */
export function renditionMedia(bodies: Bodies, served: Served, rendition: Rendition): Media {
  const { media_key: key, media_sha256: sha256, bytes: sizeBytes } = rendition;
  const { content_type: contentType, format } = rendition;
  if (key === null || sha256 === null || sizeBytes === null || contentType === null) {
    throw withoutMedia(`the ${format} of ${served.generation.id} is ready and has no media`);
  }
  return assetMedia(bodies, served, {
    object: { key, sizeBytes },
    sha256,
    contentType,
    madeMs: rendition.ready_at ?? rendition.created_at,
    headers: readyHeaders(served.generation),
  });
}

/** A file of an asset, as it is stored. */
interface AssetFile {
  readonly object: ServedObject;
  /** Of its bytes, in hex. */
  readonly sha256: string;
  readonly contentType: string;
  readonly madeMs: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A file of an asset as an answer: what is said of it wherever it is asked for. */
export function assetMedia(
  bodies: Bodies,
  { asset, generation, version }: Served,
  { object, sha256, contentType, madeMs, headers }: AssetFile,
): Media {
  return {
    representation: {
      etag: entityTag(sha256),
      lastModifiedMs: lastModifiedMs(asset, generation, madeMs),
      sizeBytes: object.sizeBytes,
    },
    headers: {
      "Content-Type": contentType,
      ...cacheHeaders(asset.id, version === generation.number),
      "X-Content-Type-Options": "nosniff",
      "X-Motioness-Asset-Id": asset.id,
      ...headers,
      ...corsHeaders,
    },
    open: (range) => bodies.open(object, range),
    check: () => bodies.check(object),
  };
}

/** The same bytes have the same tag, whichever file they lie in. */
export function entityTag(sha256: string): string {
  return `"${sha256.slice(0, 32)}"`;
}

function readyHeaders({ loop_mode: loopMode }: Generation): Record<string, string> {
  const loop: Record<string, string> = loopMode === null ? {} : { "X-Motioness-Loop": loopMode };
  return { "X-Motioness-Stage": "ready", ...loop };
}

function withoutMedia(message: string): AppError {
  return new AppError("internal", "internal error", { cause: new Error(message) });
}
