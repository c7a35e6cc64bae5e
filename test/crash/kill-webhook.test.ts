import { afterAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { openStore } from "../../src/db/open-store.ts";
import type { Failpoint } from "../../src/failpoint.ts";
import { createSealer } from "../../src/projects/seal.ts";
import { updateWebhookSettings } from "../../src/webhooks/settings.ts";
import { readEvents } from "../support/event-reader.ts";
import { seedDataDir, seededOwnerId, seededProjectId } from "../support/seed-project.ts";
import { startServerProcess } from "../support/server-process.ts";
import { silentLog } from "../support/silent-log.ts";
import { smallPicture } from "../support/small-picture.ts";
import { openReceiver, type Receiver } from "../support/webhook-receiver.ts";

const secret = "a secret of a server that dies, for tests only";
const still = await smallPicture();
const origin = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response(still) });
afterAll(() => origin.stop(true));

/** Where it dies, and how often the message arrives for that. */
const cases: readonly (readonly [Failpoint, number])[] = [
  ["before_ready_commit", 1],
  ["after_fan_out", 1],
  ["after_webhook_sent", 2],
];

describe("killed on the way, a message arrives all the same, by one id [K14, W26]", () => {
  for (const [at, times] of cases) test(at, () => killAndRecover(at, times), 60_000);
});

async function killAndRecover(at: Failpoint, times: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "motioness-kill-"));
  const receiver = openReceiver();
  const projectKey = await seed(dataDir, receiver);
  const environment = {
    MOTIONESS_DEMO: "off",
    MOTIONESS_SECRET: secret,
    MOTIONESS_ALLOW_PRIVATE_SOURCES: "127.0.0.0/8",
  };
  const path = `/v1/${projectKey}/${origin.url.host}/still.png.mp4?dur=2&mode=animate-in`;
  const doomed = await startServerProcess({
    dataDir,
    environment: { ...environment, FAILPOINT: at },
  });
  const asked = await fetch(doomed.url + path);
  const id = asked.headers.get("x-motioness-asset-id") ?? "";
  expect(await doomed.ended).toBe("SIGKILL");

  const server = await startServerProcess({ dataDir, environment });
  try {
    const events = await readEvents(`${server.url}/v1/${projectKey}/events/${id}`);
    const heard = events.map(({ type }) => type);
    expect(heard.slice(-3)).toEqual(["ready", "webhook_dispatched", "webhook_delivered"]);
    expect(heard.filter((type) => type === "webhook_dispatched")).toHaveLength(1);
  } finally {
    await server.stop();
    await receiver.close();
    await rm(dataDir, { recursive: true, force: true });
  }
  expect(receiver.received).toHaveLength(times);
  expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
}

/** A project whose finished clips are told to the receiver. */
async function seed(dataDir: string, { origin: receiverOrigin, url }: Receiver): Promise<string> {
  const allowedOrigins = [origin.url.origin, receiverOrigin];
  const projectKey = await seedDataDir(dataDir, { allowedOrigins });
  const config = { kind: "sqlite", path: join(dataDir, "motioness.db") } as const;
  const store = await openStore(config, { clock: systemClock, log: silentLog });
  const who = { projectId: seededProjectId, userId: seededOwnerId };
  const deps = { store, sealer: createSealer(secret) };
  await updateWebhookSettings(deps, who, { url, isEnabled: true });
  await store.close();
  return projectKey;
}
