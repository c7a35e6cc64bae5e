import { afterAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Failpoint } from "../../src/failpoint.ts";
import { seedDataDir } from "../support/seed-project.ts";
import { startServerProcess } from "../support/server-process.ts";
import { smallPicture } from "../support/small-picture.ts";

const still = await smallPicture();
const origin = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response(still) });
afterAll(() => origin.stop(true));

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const cases: readonly Failpoint[] = ["before_rendition_stored", "after_rendition_stored"];

describe("killed while another form of a clip is made, it is made all the same", () => {
  for (const at of cases) test(at, () => killAndRecover(at), 60_000);
});

async function killAndRecover(at: Failpoint): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "motioness-kill-"));
  folders.push(dataDir);
  const projectKey = await seedDataDir(dataDir, { allowedOrigins: [origin.url.origin] });
  const path = `/v1/${projectKey}/${origin.url.host}/still.png.gif?dur=2&wait_ms=10000`;
  const environment = { MOTIONESS_DEMO: "off", MOTIONESS_ALLOW_PRIVATE_SOURCES: "127.0.0.0/8" };
  const doomed = await startServerProcess({
    dataDir,
    environment: { ...environment, FAILPOINT: at },
  });
  // The server dies in the midst of the waiting.
  expect(await ask(doomed.url + path)).toBeUndefined();
  expect(await doomed.ended).toBe("SIGKILL");

  const server = await startServerProcess({ dataDir, environment });
  try {
    const bytes = await ask(server.url + path);
    expect(new TextDecoder().decode(bytes?.subarray(0, 6))).toBe("GIF89a");
    const media = (await readdir(join(dataDir, "media"), { recursive: true })).filter((name) =>
      name.endsWith(".gif"),
    );
    expect(media).toHaveLength(1);
  } finally {
    await server.stop();
  }
  const scratch = await readdir(join(dataDir, "scratch")).catch(() => []);
  expect(scratch).toEqual([]);
}

/** @returns the image, or undefined when the server died before it was there. */
async function ask(url: string): Promise<Uint8Array | undefined> {
  for (let turn = 0; turn < 6; turn++) {
    const response = await fetch(url).catch(() => undefined);
    if (!response) return undefined;
    if (response.status === 200) return response.bytes();
    expect(response.status).toBe(202);
    await response.body?.cancel();
  }
  throw new Error("the image was never ready");
}
