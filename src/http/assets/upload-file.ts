import { open } from "node:fs/promises";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import { boundaryOf, readFormParts } from "../request/form-parts.ts";
import { readChunks } from "../request/request-body.ts";

export const uploadBytesMax = 10 * 1024 * 1024;

const bodyLimit = {
  /** Boundaries and part headers come on top of the file. */
  bytesMax: uploadBytesMax + 64 * 1024,
  message: "file exceeds 10 MB limit",
  /** 10 MB at a megabit a second, and some. */
  timeoutMs: 120_000,
};

/**
 * Writes the one file of a form to `path` as it comes: of a body that drips nothing is held.
 * @throws AppError `unsupported_type`, `payload_too_large`, `request_timeout`, and
 * `invalid_request` for what is no form, or has anything else in it than one part named `file`.
 */
export async function receiveUpload(
  request: Request,
  path: string,
  clock: Pick<Clock, "schedule">,
): Promise<void> {
  const boundary = boundaryOf(request.headers.get("content-type") ?? "");
  if (boundary === undefined) {
    throw new AppError(
      "unsupported_type",
      "unsupported type: send the file as multipart/form-data",
    );
  }
  const target = await open(path, "wx", 0o600);
  try {
    let files = 0;
    let sizeBytes = 0;
    for await (const piece of readFormParts(readChunks(request, bodyLimit, clock), boundary)) {
      if (piece.kind === "part") {
        files += 1;
        if (piece.name !== "file" || !piece.isFile || files > 1) throw notOneFile(piece.name);
        continue;
      }
      sizeBytes += piece.bytes.byteLength;
      if (sizeBytes > uploadBytesMax) throw new AppError("payload_too_large", bodyLimit.message);
      await target.writeFile(piece.bytes);
    }
    if (files === 0) throw notOneFile("file");
  } finally {
    await target.close();
  }
}

function notOneFile(name: string): AppError {
  const fieldErrors = {
    ...(name === "file" ? {} : { [name]: ["Unexpected property"] }),
    file: ["Expected exactly one file"],
  };
  return new AppError("invalid_request", "Validation failed", {
    details: { details: { fieldErrors, formErrors: [] } },
  });
}
