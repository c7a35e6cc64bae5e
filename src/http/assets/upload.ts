import { join } from "node:path";
import { Elysia, t } from "elysia";
import {
  abandonUpload,
  beginUpload,
  checkUploadRoom,
  finishUpload,
  type UploadLimits,
} from "../../assets/uploads.ts";
import type { Clock } from "../../clock.ts";
import type { Store } from "../../db/store.ts";
import { AppError, toAppError } from "../../errors.ts";
import { createSlots } from "../../net/slots.ts";
import type { Storage } from "../../storage/storage.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { errorBody } from "../answer/schemas.ts";
import { uploadUrl } from "../proxy/upload-url.ts";
import { withTemporaryFolder } from "../request/temporary-folder.ts";
import { readUploadedFile, receiveForm } from "./upload-file.ts";
import { type PreparedPicture, prepareUpload } from "./upload-picture.ts";

export interface UploadDeps {
  readonly store: Store;
  readonly storage: Storage;
  readonly clock: Pick<Clock, "now" | "schedule">;
  /** 12 random characters of `[a-z0-9]`. */
  readonly createSuffix: () => string;
  readonly baseUrl: string;
  /** What each user may have stored. */
  readonly uploadLimits: UploadLimits;
  /** Where a picture lies while it is received and written anew. */
  readonly scratchRoot: string;
}

/** Each that is received costs a connection and up to 10 MB of the disk. */
const uploadsAtOnceMax = 32;
/** One user whose bodies drip leaves room for others; browsers send six at a time. */
const uploadsAtOnceOfUserMax = 8;
/** Each that is looked at and written anew costs a core and a decoded picture of up to 50 MB. */
const drawingLimits = { perHostMax: 2, waitingMax: uploadsAtOnceMax };

/** `POST /api/v1/upload`: stores a picture and gives it an address that can be proxied. */
export function createUploadRoutes(deps: UploadDeps, signedIn: SignedIn) {
  const receive = createReceive(deps);
  return new Elysia({ name: "upload" })
    .use(signedIn)
    .post("/api/v1/upload", ({ caller, request }) => receive(caller.userId, request), {
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
          "which is proxied like any other and always allowed. 429 when as many are stored as a " +
          "user may have: delete some first.",
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
    });
}

/** Takes uploads in, few at a time, and fewer of one user. */
function createReceive(deps: UploadDeps) {
  const running: string[] = [];
  const drawInTurn = createSlots(drawingLimits);
  const receive = async (userId: string, request: Request, folder: string) => {
    const form = await receiveForm(request, join(folder, "received"), deps.clock);
    const path = join(folder, "picture");
    const draw = async () => prepareUpload(await readUploadedFile(form), path);
    const picture = await drawInTurn("uploads", request.signal, draw).catch((thrown) => {
      if (thrown !== request.signal.reason) throw thrown;
      throw new AppError("invalid_request", "the caller did not wait", { cause: thrown });
    });
    return store(deps, userId, { path, picture });
  };
  return async (userId: string, request: Request) => {
    const ofUser = running.filter((one) => one === userId).length;
    if (running.length >= uploadsAtOnceMax || ofUser >= uploadsAtOnceOfUserMax) {
      throw new AppError("unavailable", "too many uploads at once; try again in a moment");
    }
    running.push(userId);
    try {
      await checkUploadRoom(deps.store.read, userId, deps.uploadLimits);
      return await withTemporaryFolder(deps.scratchRoot, "upload-", (folder) =>
        receive(userId, request, folder),
      );
    } catch (thrown) {
      throw inCallersTerms(thrown);
    } finally {
      running.splice(running.indexOf(userId), 1);
    }
  };
}

/** The name is ours alone: nothing of the caller's goes into a path. */
async function store(
  deps: UploadDeps,
  userId: string,
  { path, picture }: { readonly path: string; readonly picture: PreparedPicture },
): Promise<{ url: string; key: string }> {
  const name = `${deps.clock.now()}-${deps.createSuffix()}.${picture.extension}`;
  const key = `uploads/${userId}/${name}`;
  const { bytes, contentType, width, height } = picture;
  const described = { file: name, content_type: contentType, bytes, width, height };
  await beginUpload(deps.store, { key, user_id: userId, ...described }, deps.uploadLimits);
  try {
    const stored = await deps.storage.put(key, Bun.file(path), { contentType });
    await finishUpload(deps.store, { key, bytes: stored.sizeBytes, sha256: stored.sha256 });
  } catch (thrown) {
    // Nothing is left behind for an upload that was refused.
    await abandonUpload(deps.store, key);
    throw thrown;
  }
  return { url: uploadUrl(deps.baseUrl, key), key };
}

/** A disk that is full or away heals, and nothing is wrong with what was sent. */
function inCallersTerms(thrown: unknown): unknown {
  const isOfSystem = thrown instanceof Error && "syscall" in thrown;
  if (!isOfSystem && toAppError(thrown).code !== "r2_write_failed") return thrown;
  return new AppError("unavailable", "the picture cannot be stored now; try again later", {
    cause: thrown,
  });
}
