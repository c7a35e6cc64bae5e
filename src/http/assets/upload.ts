import { Elysia, t } from "elysia";
import { abandonUpload, beginUpload, finishUpload } from "../../assets/uploads.ts";
import type { Clock } from "../../clock.ts";
import type { Store } from "../../db/store.ts";
import { AppError } from "../../errors.ts";
import type { Storage } from "../../storage/storage.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { errorBody } from "../answer/schemas.ts";
import { uploadUrl } from "../proxy/upload-url.ts";
import { readRequestBody } from "../request/request-body.ts";
import { prepareUpload } from "./upload-picture.ts";

export interface UploadDeps {
  readonly store: Store;
  readonly storage: Storage;
  readonly clock: Pick<Clock, "now" | "schedule">;
  /** 12 random characters of `[a-z0-9]`. */
  readonly createSuffix: () => string;
  readonly baseUrl: string;
}

const fileBytesMax = 10 * 1024 * 1024;
/** Boundaries and part headers come on top of the file. */
const bodyLimit = {
  bytesMax: fileBytesMax + 64 * 1024,
  message: "file exceeds 10 MB limit",
  /** 10 MB at a megabit a second, and some. */
  timeoutMs: 120_000,
};
/** Each is held in memory while it is read and looked at. */
const uploadsAtOnceMax = 4;
/** One user whose bodies drip leaves room for others. */
const uploadsAtOnceOfUserMax = 3;

/** `POST /api/v1/upload`: stores a picture and gives it an address that can be proxied. */
export function createUploadRoutes(deps: UploadDeps, signedIn: SignedIn) {
  const running: string[] = [];
  return new Elysia({ name: "upload" }).use(signedIn).post(
    "/api/v1/upload",
    async ({ caller, request }) => {
      const ofUser = running.filter((userId) => userId === caller.userId).length;
      if (running.length >= uploadsAtOnceMax || ofUser >= uploadsAtOnceOfUserMax) {
        throw new AppError("unavailable", "too many uploads at once; try again in a moment");
      }
      running.push(caller.userId);
      try {
        return await store(deps, caller.userId, await readFile(request, deps.clock));
      } finally {
        running.splice(running.indexOf(caller.userId), 1);
      }
    },
    {
      parse: "none", // the framework would read the body before its size is known
      response: {
        200: t.Object(
          { url: t.String(), key: t.String() },
          {
            examples: [
              {
                url: "https://motion.example/uploads/usr_k3x9a1q7m2zd/1795000000000-k3x9a1q7m2zd.png",
                key: "uploads/usr_k3x9a1q7m2zd/1795000000000-k3x9a1q7m2zd.png",
              },
            ],
          },
        ),
        ...Object.fromEntries(
          [400, 401, 403, 408, 413, 415, 429, 503].map((status) => [status, errorBody]),
        ),
      },
      detail: {
        operationId: "uploadPicture",
        summary: "Upload a source picture",
        description:
          "PNG, JPEG or WebP of at most 10 MB. It gets a public URL of its own, a new one each time, " +
          "which is proxied like any other and always allowed.",
        tags: ["Upload"],
        requestBody: {
          required: true,
          content: {
            "multipart/form-data": {
              schema: {
                type: "object",
                required: ["file"],
                properties: { file: { type: "string", format: "binary" } },
              },
            },
          },
        },
      },
    },
  );
}

/** The one part named `file` of a form. */
async function readFile(request: Request, clock: UploadDeps["clock"]): Promise<Blob> {
  const contentType = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\s*;/i.test(contentType)) {
    throw new AppError(
      "unsupported_type",
      "unsupported type: send the file as multipart/form-data",
    );
  }
  const body = await readRequestBody(request, bodyLimit, clock);
  const form = await new Response(body, { headers: { "Content-Type": contentType } })
    .formData()
    .catch((cause) => {
      throw new AppError("invalid_request", "the body is no multipart/form-data", { cause });
    });
  const [file, ...more] = form.getAll("file");
  if (!(file instanceof Blob) || more.length > 0) {
    const fieldErrors = { file: ["Expected exactly one file"] };
    throw new AppError("invalid_request", "Validation failed", {
      details: { details: { fieldErrors, formErrors: [] } },
    });
  }
  if (file.size > fileBytesMax) throw new AppError("payload_too_large", bodyLimit.message);
  return file;
}

/** The name is ours alone: nothing of the caller's goes into a path. */
async function store(
  deps: UploadDeps,
  userId: string,
  file: Blob,
): Promise<{ url: string; key: string }> {
  const picture = await prepareUpload(await file.bytes());
  const name = `${deps.clock.now()}-${deps.createSuffix()}.${picture.extension}`;
  const key = `uploads/${userId}/${name}`;
  const { contentType, width, height } = picture;
  const described = { file: name, content_type: contentType, width, height };
  await beginUpload(deps.store, { key, user_id: userId, ...described });
  try {
    const stored = await deps.storage.put(key, picture.bytes, { contentType });
    await finishUpload(deps.store, { key, bytes: stored.sizeBytes, sha256: stored.sha256 });
  } catch (thrown) {
    // Nothing is left behind for an upload that was refused.
    await abandonUpload(deps.store, key);
    throw thrown;
  }
  return { url: uploadUrl(deps.baseUrl, key), key };
}
