import { join } from "node:path";
import type { Server } from "./servers/server.ts";

/** Clips made by a running server from stills that this process serves. */

const waitMs = 10_000;
const clipTimeoutMs = 600_000;
const samples = join(import.meta.dir, "../assets/samples");

/** Serves one still under any path. */
export function openStillOrigin(still: Blob) {
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => new Response(still, { headers: { "Content-Type": "image/jpeg" } }),
  });
}

/** A photograph that comes with the project, cut to a size, as JPEG. */
export async function sampleStill(size: {
  readonly width: number;
  readonly height: number;
}): Promise<Blob> {
  const { default: sharp } = await import("sharp");
  const still = sharp(join(samples, "rocket.jpg")).resize(size.width, size.height);
  return new Blob([new Uint8Array(await still.jpeg({ quality: 90 }).toBuffer())]);
}

/**
 * Asks for a clip until it is there.
 * @throws Error when it failed, or is not ready after ten minutes.
 */
export async function makeClip(server: Server, path: string): Promise<void> {
  const untilMs = performance.now() + clipTimeoutMs;
  const separator = path.includes("?") ? "&" : "?";
  const url = `http://127.0.0.1:${server.port}${path}${separator}wait_ms=${waitMs}`;
  while (performance.now() < untilMs) {
    const response = await fetch(url);
    const body = await response.blob();
    if (response.status === 200) return;
    if (response.status !== 202)
      throw new Error(`${path}: ${response.status} ${await body.text()}`);
  }
  throw new Error(`${path}: not ready after ${clipTimeoutMs / 1000} s`);
}
