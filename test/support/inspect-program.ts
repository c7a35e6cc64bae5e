// Inspects pictures in a process of its own, so that its memory can be told: inspect-program.ts
// FILE… Prints one JSON line for each, the first for what a small picture needs.
import { readFileSync } from "node:fs";
import { inspectPicture } from "../../src/media/picture/picture.ts";
import { smallPicture } from "./small-picture.ts";

async function inspect(name: string, source: string | Uint8Array): Promise<void> {
  const startedMs = performance.now();
  const outcome = await inspectPicture(source).then(
    () => "taken",
    ({ code }) => code,
  );
  const tookMs = performance.now() - startedMs;
  console.log(JSON.stringify({ name, outcome, tookMs, peakBytes: peakBytes() }));
}

/** The most memory that this program ever had; what `getrusage` says counts its parent's, too. */
function peakBytes(): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return Number(kibibytes) * 1024;
}

await inspect("small", await smallPicture());
for (const path of process.argv.slice(2)) await inspect(path, path);
