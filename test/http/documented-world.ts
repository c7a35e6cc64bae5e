import { createHmac } from "node:crypto";
import { createProject } from "../../src/projects/create.ts";
import { createDeliveryId, insertDelivery } from "../../src/webhooks/deliveries.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { seededOwnerId, seededProjectId } from "../support/seed-project.ts";
import { addUser, sessionHeaders } from "../support/sign-in.ts";
import { smallPicture } from "../support/small-picture.ts";
import { finishClip, openTestServer } from "./test-server.ts";

const secret = "test-secret";
const expSeconds = 1_714_808_400;

/** What the public recipe signs with, until when, and what it makes of it, step by step. */
export const recipe = {
  secret,
  expSeconds,
  sig: createHmac("sha256", secret)
    .update(`pk_signed:https://cdn.acme.com/hero.png:${expSeconds}`)
    .digest("hex"),
} as const;

/**
 * The server of the public pages: at their address, with their keys and pictures, an hour before
 * their signature ends.
 */
export async function openDocumentedWorld() {
  const clock = createManualClock((recipe.expSeconds - 3600) * 1000);
  const picture = await smallPicture();
  const server = await openTestServer({
    clock,
    config: {
      baseUrl: "https://motioness.com",
      upgradeUrl: "https://motioness.com/pricing",
      rateLimits: { sign_in: 1e6, sign_up: 1e6 },
    },
    sourceBytes: { "https://cdn.acme.com/hero.png": picture },
  });
  await setProject(server, seededProjectId, {
    proxy_key: "pk_abc",
    allowed_origins: '["https://acme.com"]',
  });
  const signed = await addProject(server, "Signed");
  await setProject(server, signed, {
    proxy_key: "pk_signed",
    enable_signing: 1,
    signing_secret: server.sealer.seal(recipe.secret),
  });
  const owner = await sessionHeaders(server, seededOwnerId, clock.now());
  const upload = `uploads/usr_abc/1714801234567-abcdefghijkl.png`;
  await addUpload(server, upload, picture);
  const start = async (seed: number) => {
    const { headers } = await server.get(`/v1/pk_abc/cdn.acme.com/hero.png.mp4?seed=${seed}`);
    return headers["x-motioness-asset-id"] ?? "";
  };
  const [pending, ready, failed] = [await start(1), await start(2), await start(3)];
  await finishClip(server, ready);
  await finishClip(server, failed, { failIn: "stage1" });
  const delivery = createDeliveryId();
  const told = { assetId: pending, eventId: "evt_01HXY3K", eventType: "asset.completed" };
  const message = { ...told, id: delivery, url: "https://example.com", payload: "{}" };
  await server.store.write((tx) => insertDelivery(tx, { ...message, projectId: seededProjectId }));
  return { server, clock, owner, upload, picture, ids: { pending, ready, failed, delivery } };
}

export type DocumentedWorld = Awaited<ReturnType<typeof openDocumentedWorld>>;

/** A project of somebody whose plan and month are as given. */
export async function addLimitedProject({ server }: DocumentedWorld, plan: string, key: string) {
  const userId = await addUser(server.store, { plan });
  const id = await addProject(server, plan, userId);
  await setProject(server, id, { proxy_key: key, allowed_origins: '["https://acme.com"]' });
  return { id, headers: await sessionHeaders(server, userId, server.clock.now()) };
}

type Server = Awaited<ReturnType<typeof openTestServer>>;

async function addProject(server: Server, name: string, ownerId = seededOwnerId) {
  const { project } = await createProject(server.store, ownerId, { name, websiteUrl: undefined });
  return project.id;
}

async function setProject(
  { store }: Server,
  id: string,
  changes: Readonly<Record<string, string | number>>,
): Promise<void> {
  await store.write((tx) =>
    tx.query.updateTable("projects").set(changes).where("id", "=", id).execute(),
  );
}

async function addUpload(server: Server, key: string, bytes: Uint8Array): Promise<void> {
  const added = await addUser(server.store);
  await server.store.write((tx) =>
    tx.query.updateTable("users").set({ id: "usr_abc" }).where("id", "=", added).execute(),
  );
  const stored = await server.storage.put(key, bytes, { contentType: "image/png" });
  const file = key.split("/").at(-1) ?? "";
  const { sizeBytes, sha256 } = stored;
  const described = {
    content_type: "image/png",
    width: 256,
    height: 256,
    bytes: sizeBytes,
    sha256,
  };
  await server.insertUpload({ key, user_id: "usr_abc", file, ...described });
}
