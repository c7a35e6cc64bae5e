import { Elysia, t } from "elysia";
import { encodePlace } from "../../assets/page.ts";
import { deleteUpload, listUploads } from "../../assets/uploads.ts";
import type { Upload } from "../../db/schema.ts";
import type { Store } from "../../db/store.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { nextCursor, pageQuery, placeOf } from "../answer/page-query.ts";
import { errorBody } from "../answer/schemas.ts";
import { uploadUrl } from "../proxy/upload-url.ts";
import { limitDefault } from "./asset-schemas.ts";

export interface UploadsDeps {
  readonly store: Store;
  readonly baseUrl: string;
}

const upload = t.Object(
  {
    file: t.String(),
    key: t.String(),
    url: t.String(),
    content_type: t.String(),
    bytes: t.Number(),
    width: t.Number(),
    height: t.Number(),
    created_at: t.Number(),
  },
  { title: "Upload" },
);
const errors = Object.fromEntries([400, 401, 403, 404, 429].map((s) => [s, errorBody]));

/** The caller's own uploads: a list, and their end. */
export function createUploadsRoutes({ store, baseUrl }: UploadsDeps, signedIn: SignedIn) {
  return new Elysia({ name: "uploads", normalize: false })
    .use(signedIn)
    .get(
      "/api/v1/uploads",
      async ({ caller, query }) => {
        const limit = query.limit ?? limitDefault;
        const after = placeOf(query.cursor);
        const rows = await listUploads(store.read, caller.userId, { after, limit: limit + 1 });
        const shown = rows.slice(0, limit);
        const last = shown.at(-1);
        return {
          uploads: shown.map((row) => describe(baseUrl, row)),
          next_cursor:
            last && rows.length > limit
              ? encodePlace({ createdAt: last.created_at, id: last.key })
              : null,
        };
      },
      {
        query: t.Object(pageQuery(limitDefault), { additionalProperties: false }),
        response: {
          200: t.Object({ uploads: t.Array(upload), next_cursor: nextCursor }),
          ...errors,
        },
        detail: {
          operationId: "listUploads",
          summary: "The caller's uploads, newest first",
          tags: ["Upload"],
        },
      },
    )
    .delete(
      "/api/v1/uploads/:file",
      async ({ caller, params }) => {
        await deleteUpload(store, { userId: caller.userId, file: params.file });
        return { ok: true as const };
      },
      {
        params: t.Object({
          file: t.String({
            pattern: "^[a-z0-9-]{1,64}\\.(png|jpg|webp)$",
            description: "The last part of the upload's URL",
            examples: ["1795000000000-k3x9a1q7m2zd.png"],
          }),
        }),
        response: { 200: t.Object({ ok: t.Literal(true) }), ...errors },
        detail: {
          operationId: "deleteUpload",
          summary: "Delete an upload",
          description: "Clips that were made of it stay; delete those by their source.",
          tags: ["Upload"],
        },
      },
    );
}

function describe(baseUrl: string, row: Upload) {
  return {
    file: row.file,
    key: row.key,
    url: uploadUrl(baseUrl, row.key),
    content_type: row.content_type,
    bytes: row.bytes,
    width: row.width,
    height: row.height,
    created_at: row.created_at,
  };
}
