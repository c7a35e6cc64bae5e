import { AppError } from "../errors.ts";
import type { Storage } from "./storage.ts";

// Always the same bytes and never removed: several processes may look at once.
const probeKey = "readiness-check";
const probeText = "written and read back";

/**
 * Writes a small object and reads it back.
 *
 * @throws AppError `unavailable` when either fails, or other bytes come back.
 */
export async function probeStorage(storage: Pick<Storage, "put" | "open">): Promise<void> {
  let readBack: string | undefined;
  try {
    await storage.put(probeKey, new TextEncoder().encode(probeText), { contentType: "text/plain" });
    const opened = await storage.open(probeKey);
    readBack = opened && (await new Response(opened.body).text());
  } catch (cause) {
    throw new AppError("unavailable", "the storage cannot be written and read now", { cause });
  }
  if (readBack === probeText) return;
  throw new AppError("unavailable", "the storage does not give back what was written to it");
}
