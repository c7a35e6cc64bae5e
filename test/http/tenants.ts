import { randomBytes } from "node:crypto";
import { createApiKey } from "../../src/accounts/api-keys.ts";
import { createInvite } from "../../src/accounts/invites.ts";
import { updateUser } from "../../src/accounts/users.ts";
import { plainRequest } from "../../src/assets/request.ts";
import type { ProjectUser } from "../../src/projects/change.ts";
import { createProject } from "../../src/projects/create.ts";
import { putMember } from "../../src/projects/members.ts";
import { createSealer } from "../../src/projects/seal.ts";
import { createDeliveryId, insertDelivery } from "../../src/webhooks/deliveries.ts";
import { updateWebhookSettings } from "../../src/webhooks/settings.ts";
import { addUser, keyHeaders, sessionHeaders } from "../support/sign-in.ts";
import { finishClip, type TestServer } from "./test-server.ts";

/** Everybody who can ask, in the order in which the tables of roles have their columns. */
export const roles = [
  "nobody",
  "outsider",
  "viewer",
  "editor",
  "owner",
  "admin",
  "reader",
  "disabled",
] as const;
export type Role = (typeof roles)[number];

/** Ids of things that belong together, or of things that are not there. */
export interface Targets {
  readonly project: string;
  readonly key: string;
  readonly ready: string;
  readonly pending: string;
  readonly generation: string;
  readonly owner: string;
  readonly file: string;
  readonly apiKey: string;
  readonly invite: string;
  /** A member who is nobody of `roles`. */
  readonly guest: string;
  readonly delivery: string;
}

type Server = Pick<TestServer, "store" | "storage" | "clock" | "secret" | "ensureAsset"> &
  Pick<TestServer, "insertUpload">;

/**
 * A project's people: `reader` is the owner's API key that may only read, `disabled` an editor who
 * was shut out, and `admin` administers the server.
 */
export async function addPeople(server: Server) {
  const { store } = server;
  const admin = await addUser(store, { role: "admin" });
  const [outsider, viewer, editor, owner, disabled, guest] = await Promise.all(
    Array.from({ length: 6 }, () => addUser(store)),
  );
  if (!(outsider && viewer && editor && owner && disabled && guest)) throw new Error("no users");
  const ids = { outsider, viewer, editor, owner, admin, disabled } as const;
  const cookies = await sessionHeaders(server, disabled);
  const reading = await keyHeaders(store, owner, ["read"]);
  await store.write((tx) => updateUser(tx, disabled, { isDisabled: true }));
  return {
    ...ids,
    guest,
    /** Fresh every time: a request may end the session that it is made in. */
    async headersOf(role: Role): Promise<Record<string, string>> {
      if (role === "nobody") return {};
      if (role === "disabled") return { ...cookies };
      if (role === "reader") return { ...reading };
      return { ...(await sessionHeaders(server, ids[role])) };
    },
  };
}

export type People = Awaited<ReturnType<typeof addPeople>>;

/** A project of the owner's that is shared, with one of everything that can be asked for. */
export async function addTargets(server: Server, people: People): Promise<Targets> {
  const { store, storage } = server;
  const { owner, guest } = people;
  const { project } = await createProject(store, owner, { name: "Shared", websiteUrl: undefined });
  const members = { [people.viewer]: "viewer", [people.editor]: "editor" } as const;
  const shared = { ...members, [people.disabled]: "editor", [guest]: "viewer" } as const;
  for (const [userId, role] of Object.entries(shared)) {
    await putMember(store, { projectId: project.id, userId: owner }, { user: { userId }, role });
  }
  await store.write(async (tx) => {
    const allowed_origins = '["https://acme.com"]';
    const row = tx.query.updateTable("projects").set({ allowed_origins });
    await row.where("id", "=", project.id).execute();
  });
  const [ready, pending] = [await begin(server, project.id, 1), await begin(server, project.id, 2)];
  await finishClip(server, ready);
  const file = `${randomBytes(6).toString("hex")}-abcdefghijkl.png`;
  const key = `uploads/${owner}/${file}`;
  const { sizeBytes, sha256 } = await storage.put(key, new Uint8Array(9), {
    contentType: "image/png",
  });
  const picture = { content_type: "image/png", width: 1, height: 1, bytes: sizeBytes, sha256 };
  await server.insertUpload({ key, user_id: owner, file, ...picture });
  return {
    project: project.id,
    key: project.proxy_key,
    ready,
    pending,
    owner,
    file,
    guest,
    generation: await newestGeneration(server, ready),
    delivery: await addDelivery(server, { projectId: project.id, userId: owner }),
    ...(await addSecrets(server, people)),
  };
}

/** Ids of the same form that name nothing. */
export function absentTargets(): Targets {
  const hex = (bytes: number) => randomBytes(bytes).toString("hex");
  return {
    project: `proj_${hex(8)}`,
    key: `pk_${hex(12)}`,
    ready: hex(8),
    pending: hex(8),
    generation: Bun.randomUUIDv7(),
    owner: `usr_${hex(8)}`,
    file: `${hex(6)}-abcdefghijkl.png`,
    apiKey: `key_${hex(8)}`,
    invite: `invite_${hex(8)}`,
    guest: `usr_${hex(8)}`,
    delivery: `dlv_${hex(8)}`,
  };
}

async function begin(server: Server, projectId: string, seed: number): Promise<string> {
  const request = { ...plainRequest(projectId, "https://acme.com/a.png"), seed };
  const view = await server.ensureAsset(request, { requestId: "req_test" });
  return view.asset.id;
}

async function newestGeneration({ store }: Server, assetId: string): Promise<string> {
  const rows = store.read.selectFrom("generations").select("id").where("asset_id", "=", assetId);
  return (await rows.executeTakeFirstOrThrow()).id;
}

async function addDelivery({ store, secret }: Server, who: ProjectUser): Promise<string> {
  const url = "https://acme.com/hooks";
  const deps = { store, sealer: createSealer(secret) };
  await updateWebhookSettings(deps, who, { url, isEnabled: true });
  const id = createDeliveryId();
  const message = { assetId: null, eventId: "evt_target", eventType: "asset.test", payload: "{}" };
  const { projectId } = who;
  await store.write((tx) => insertDelivery(tx, { ...message, id, projectId, url }));
  return id;
}

async function addSecrets({ store }: Server, { owner, admin }: People) {
  const scopes = ["read"] as const;
  const keyOf = { userId: owner, name: "target", scopes, expiresAt: undefined };
  const inviteOf = { createdBy: admin, email: undefined, validMs: 60_000 };
  return store.write(async (tx) => {
    // There may be a hundred at a time, and more than that are asked for here.
    await tx.query.deleteFrom("api_keys").where("name", "=", "target").execute();
    await tx.query.deleteFrom("invites").execute();
    return {
      apiKey: (await createApiKey(tx, keyOf)).view.id,
      invite: (await createInvite(tx, inviteOf)).view.id,
    };
  });
}
