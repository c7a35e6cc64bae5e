import { AppError } from "../errors.ts";
import { readRequestBody } from "./request-body.ts";

/** A hundred prepares with the longest of everything are about a third of this. */
const bodyLimit = { bytesMax: 1024 * 1024, message: "the body is larger than 1 MiB" };

/**
 * Reads a request's JSON for the framework, which by itself would read bodies of any size, and
 * forms as well. Nothing at all counts as an object without fields.
 * @throws AppError `unsupported_type`, `payload_too_large`, or `invalid_request` for what is no
 * JSON in UTF-8.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const bytes = await readRequestBody(request, bodyLimit);
  if (bytes.byteLength === 0) return {};
  const contentType = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(contentType)) {
    throw new AppError("unsupported_type", "unsupported type: send JSON, as application/json");
  }
  try {
    // Whatever is not UTF-8 is refused, and so is a byte order mark (RFC 8259 §8.1).
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new AppError("invalid_request", "the body cannot be read", { cause });
  }
}
