import { Elysia, t } from "elysia";
import type { AssetView } from "../assets/request.ts";
import type { Upload } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import type { Bodies } from "./bodies.ts";
import { clipMedia } from "./clip-answer.ts";
import type { ContextOf } from "./contexts.ts";
import { createMediaResponder, type Media } from "./media-response.ts";
import { corsHeaders } from "./proxy-headers.ts";
import { bytesOf, errorBody } from "./schemas.ts";
import { parseUploadKey } from "./upload-url.ts";

export interface FilesDeps {
  readonly findAssetView: (assetId: string) => Promise<AssetView | undefined>;
  readonly findUpload: (key: string) => Promise<Upload | undefined>;
  readonly bodies: Bodies;
  readonly clock: { now(): number };
  readonly contextOf: ContextOf;
}

/** Public files by their own address: finished clips, and uploads. */
export function createFileRoutes(deps: FilesDeps) {
  const clip = async ({ params, request }: FileRequest) => {
    const view = await deps.findAssetView(params.file.replace(/\.mp4$/, ""));
    if (!view?.current) throw new AppError("not_found", "not found");
    return send(deps, clipMedia(deps.bodies, view.asset.id, view.current, undefined), request);
  };
  const upload = async ({ params, request }: FileRequest) => {
    const key = parseUploadKey(`uploads/${params.user}/${params.file}`);
    const found = key === undefined ? undefined : await deps.findUpload(key);
    if (!found) throw new AppError("not_found", "not found");
    return send(deps, uploadMedia(deps.bodies, found), request);
  };
  const clipParams = t.Object({ file: t.String({ pattern: "^[0-9a-f]{16}\\.mp4$" }) });
  const uploadParams = t.Object({ user: t.String(), file: t.String() });
  return new Elysia({ name: "files" })
    .get("/r2/assets/:file", clip, {
      params: clipParams,
      response: { 404: errorBody, 503: errorBody },
      detail: {
        summary: "The current clip of an asset",
        tags: ["Files"],
        responses: { 200: bytesOf("video/mp4", "The clip") },
      },
    })
    .get("/uploads/:user/:file", upload, {
      params: uploadParams,
      response: { 404: errorBody, 503: errorBody },
      detail: {
        summary: "An uploaded picture",
        tags: ["Files"],
        responses: { 200: bytesOf("image/*", "The picture") },
      },
    });
}

interface FileRequest {
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
      etag: `"${upload.sha256.slice(0, 32)}"`,
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
