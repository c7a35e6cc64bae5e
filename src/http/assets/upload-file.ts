import { open } from "node:fs/promises";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import { readChunks } from "../request/request-body.ts";

export const uploadBytesMax = 10 * 1024 * 1024;

const bodyLimit = {
  /** Boundaries and part headers come on top of the file. */
  bytesMax: uploadBytesMax + 64 * 1024,
  message: "file exceeds 10 MB limit",
  /** 10 MB at a megabit a second, and some. */
  timeoutMs: 120_000,
};

/** A form can have a hundred thousand fields, or names of megabytes: the answer tells some of it. */
const othersNamedMax = 10;
const nameLengthMax = 40;

/** A form that was received, and is not looked at yet. */
export interface ReceivedForm {
  readonly path: string;
  readonly contentType: string;
}

/**
 * Writes a form to `path` as it comes: of a body that drips nothing is held.
 * @throws AppError `unsupported_type`, `payload_too_large`, `request_timeout`, `invalid_request`.
 */
export async function receiveForm(
  request: Request,
  path: string,
  clock: Pick<Clock, "schedule">,
): Promise<ReceivedForm> {
  const contentType = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\s*;/i.test(contentType)) {
    throw new AppError(
      "unsupported_type",
      "unsupported type: send the file as multipart/form-data",
    );
  }
  const target = await open(path, "wx", 0o600);
  try {
    for await (const chunk of readChunks(request, bodyLimit, clock)) await target.writeFile(chunk);
  } finally {
    await target.close();
  }
  return { path, contentType };
}

/**
 * The one file of a form, in memory: call it for few at a time.
 * @throws AppError `payload_too_large`, and `invalid_request` for what is no form, or has anything
 * else in it than one part named `file`.
 */
export async function readUploadedFile({ path, contentType }: ReceivedForm): Promise<Uint8Array> {
  // Not the file itself as the body: Bun finds no boundary in one that it has not read.
  const body = await Bun.file(path).bytes();
  const form = await new Response(body, { headers: { "Content-Type": contentType } })
    .formData()
    .catch((cause) => {
      throw new AppError("invalid_request", "the body is no multipart/form-data", { cause });
    });
  const others = [...form.keys()].filter((name) => name !== "file").slice(0, othersNamedMax);
  const [file, ...more] = form.getAll("file");
  if (!(file instanceof Blob) || more.length > 0 || others.length > 0) throw notOneFile(others);
  if (file.size > uploadBytesMax) throw new AppError("payload_too_large", bodyLimit.message);
  return file.bytes();
}

function notOneFile(others: readonly string[]): AppError {
  const fieldErrors = {
    ...Object.fromEntries(
      others.map((name) => [name.slice(0, nameLengthMax), ["Unexpected property"]]),
    ),
    file: ["Expected exactly one file"],
  };
  return new AppError("invalid_request", "Validation failed", {
    details: { details: { fieldErrors, formErrors: [] } },
  });
}
