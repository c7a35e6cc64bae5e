import { AppError } from "../../errors.ts";
import { findShapeFault } from "./json-shape.ts";
import { readRequestBody } from "./request-body.ts";

/** A hundred prepares with the longest of everything are about a third of this. */
const bodyLimit = { bytesMax: 1024 * 1024, message: "the body is larger than 1 MiB" };

/**
 * Reads a request's JSON for the framework, which by itself would read bodies of any size, and
 * forms as well. Nothing at all counts as an object without fields.
 * @throws AppError `unsupported_type`, `payload_too_large`, or `invalid_request` for what is no
 * JSON in UTF-8, gives a field twice, or is nested without end.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const bytes = await readRequestBody(request, bodyLimit);
  if (bytes.byteLength === 0) return {};
  checkType(request.headers.get("content-type") ?? "");
  try {
    // Whatever is not UTF-8 is refused, and so is a byte order mark (RFC 8259 §8.1).
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const fault = findShapeFault(text);
    if (fault !== undefined) throw new AppError("invalid_request", `the body ${fault}`);
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("invalid_request", "the body cannot be read", { cause });
  }
}

/** JSON is UTF-8; a body that says otherwise would be read as something else than was meant. */
function checkType(contentType: string): void {
  const [type = "", ...parameters] = contentType.toLowerCase().split(";");
  if (type.trim() !== "application/json") {
    throw new AppError("unsupported_type", "unsupported type: send JSON, as application/json");
  }
  const charset = parameters.map((parameter) => parameter.trim()).find(isCharset);
  if (charset === undefined || /^charset="?utf-8"?$/.test(charset)) return;
  throw new AppError("unsupported_type", "unsupported type: send JSON in UTF-8");
}

function isCharset(parameter: string): boolean {
  return parameter.startsWith("charset=");
}
