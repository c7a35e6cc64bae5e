import { Elysia, t } from "elysia";
import type { AssetView } from "../../assets/request.ts";
import type { Upload } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import type { Storage } from "../../storage/storage.ts";
import { type Bodies, missing } from "../answer/bodies.ts";
import { createMediaResponder, type Media } from "../answer/media-response.ts";
import { bytesOf, errorBody } from "../answer/schemas.ts";
import type { ContextOf } from "../request/contexts.ts";
import { assetMedia, clipMedia, entityTag, type Served } from "./asset-media.ts";
import { regenerateHint } from "./clip-answer.ts";
import { corsHeaders, preflightHeaders } from "./proxy-headers.ts";
import { parseUploadKey } from "./upload-url.ts";
import { type VersionDeps, viewOfVersion } from "./version.ts";

export interface FilesDeps extends VersionDeps {
  readonly storage: Pick<Storage, "stat">;
  readonly findAssetView: (assetId: string) => Promise<AssetView | undefined>;
  readonly findUpload: (key: string) => Promise<Upload | undefined>;
  readonly bodies: Bodies;
  readonly clock: { now(): number };
  readonly contextOf: ContextOf;
}

const errors = { 404: errorBody, 412: errorBody, 503: errorBody };

/** Public files by their own address: finished clips, and uploads. */
export function createFileRoutes(deps: FilesDeps) {
  const file = async ({ params, query, request }: FileRequest) => {
    const [id = "", format] = params.file.split(".");
    const found = await deps.findAssetView(id);
    const version = parseVersion(query?.v);
    const view = found && (await viewOfVersion(deps, found, version));
    if (!view?.current) throw new AppError("not_found", "not found");
    const served = { asset: view.asset, generation: view.current, version };
    const media =
      format === "jpg" ? await posterMedia(deps, served) : clipMedia(deps.bodies, served);
    return send(deps, media, request);
  };
  const upload = async ({ params, request }: FileRequest) => {
    const key = parseUploadKey(`uploads/${params.user}/${params.file}`);
    const found = key === undefined ? undefined : await deps.findUpload(key);
    if (!found) throw new AppError("not_found", "not found");
    return send(deps, uploadMedia(deps.bodies, found), request);
  };
  const clipParams = t.Object({
    file: t.String({
      pattern: "^[0-9a-f]{16}\\.(mp4|jpg)$",
      description: "The asset's id, and what is wanted of it",
      examples: ["a25b330a71e2bc6b.mp4"],
    }),
  });
  const uploadParams = t.Object({
    user: t.String({ description: "The uploader's id", examples: ["usr_k3x9a1q7m2zd"] }),
    file: t.String({ examples: ["1795000000000-k3x9a1q7m2zd.png"], description: "Its name" }),
  });
  return new Elysia({ name: "files" })
    .get("/r2/assets/:file", file, {
      params: clipParams,
      query: t.Object(
        { v: t.Optional(t.String({ description: "A generation's `attempt_no`" })) },
        { additionalProperties: true },
      ),
      response: errors,
      detail: {
        operationId: "getAssetFile",
        summary: "The current clip of an asset, or its poster",
        description: "With `?v=`, the clip of that number while it is kept.",
        tags: ["Files"],
        responses: answersOf(["video/mp4", "image/jpeg"], "The clip, or its poster"),
      },
    })
    .get("/uploads/:user/:file", upload, {
      params: uploadParams,
      response: errors,
      detail: {
        operationId: "getUploadedFile",
        summary: "An uploaded picture",
        tags: ["Files"],
        responses: answersOf(["image/*"], "The picture"),
      },
    })
    .options("/r2/assets/:file", preflight, { detail: { hide: true } })
    .options("/uploads/:user/:file", preflight, { detail: { hide: true } });
}

/** A page elsewhere may ask for a part of a clip, or whether the one it has is current. */
function preflight(): Response {
  return new Response(null, { status: 204, headers: preflightHeaders });
}

/** What a file is answered with: whole, by ranges, and under conditions. */
function answersOf(contentTypes: readonly string[], description: string) {
  const parts = contentTypes.map((contentType) => bytesOf(contentType, description).content);
  const content = Object.assign({}, ...parts);
  return {
    200: { description, content },
    206: { description: "The range that was asked for", content },
    304: { description: "What the caller has is current" },
    416: { description: "No byte of the range is there" },
  };
}

/** The number of a clip, or undefined for anything else: an address must not break by its query. */
function parseVersion(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

/** @throws AppError `not_found` when the clip has no poster, `unavailable` when it is lost. */
async function posterMedia({ bodies, storage }: FilesDeps, served: Served): Promise<Media> {
  const { asset, generation } = served;
  const { poster_key: key, poster_sha256: sha256, ended_at: endedMs } = generation;
  if (key === null || sha256 === null) throw new AppError("not_found", "not found");
  const stored = await storage.stat(key);
  if (!stored) throw missing({ key, lost: regenerateHint(asset.id) });
  return assetMedia(bodies, served, {
    object: { key, sizeBytes: stored.sizeBytes },
    sha256,
    contentType: "image/jpeg",
    madeMs: endedMs ?? generation.created_at,
  });
}

interface FileRequest {
  readonly query?: { readonly v?: string };
  readonly params: { readonly user?: string; readonly file: string };
  readonly request: Request;
}

function send(deps: FilesDeps, media: Media, routed: Request): Response | Promise<Response> {
  const { request, requestId } = deps.contextOf(routed);
  return createMediaResponder(media, deps.clock)(request, requestId);
}

/** An upload never changes under its address, and is a picture whatever a browser thinks. */
function uploadMedia(bodies: Bodies, upload: Upload): Media {
  return {
    representation: {
      etag: entityTag(upload.sha256),
      lastModifiedMs: upload.created_at,
      sizeBytes: upload.bytes,
    },
    headers: {
      "Content-Type": upload.content_type,
      "Cache-Control": "public, max-age=31536000, immutable",
      "Content-Security-Policy": "default-src 'none'; sandbox",
      "X-Content-Type-Options": "nosniff",
      ...corsHeaders,
    },
    open: (range) => bodies.open({ key: upload.key, sizeBytes: upload.bytes }, range),
  };
}
