import { createHash } from "node:crypto";
import type { AssetRequest } from "./request.ts";

/** Raised when the same request must mean another asset. */
const idVersion = 1;

/**
 * The content address of a request: the first 16 hex digits of SHA-256 over its fields as a JSON
 * array. JSON quotes and escapes every string, so no two different requests share an encoding.
 */
export function assetId(request: AssetRequest): string {
  const encoding = JSON.stringify([
    idVersion,
    request.projectId,
    request.src,
    request.motion,
    request.mode,
    request.durSeconds,
    request.prompt ?? null,
    request.seed ?? null,
    request.aspect,
    request.idem ?? null,
  ]);
  return createHash("sha256").update(encoding).digest("hex").slice(0, 16);
}
