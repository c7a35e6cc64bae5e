import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import type { Project, Schema } from "../db/schema.ts";
import type { Store, Tx } from "../db/store.ts";

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

export interface NewProjectInput {
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly websiteUrl?: string | undefined;
  readonly proxyKey: string;
  readonly allowedOrigins: readonly string[];
}

/** What a new project gives to whoever asks without options. */
export const newProjectDefaults = { motion: "medium", mode: "loop", durSeconds: 4 } as const;

/** A fresh public key: `pk_` and 24 base62 characters (143 bits). */
export function createProxyKey(): string {
  return `pk_${randomBase62(24)}`;
}

/** A fresh signing secret: `sgn_` and 43 base62 characters (256 bits). */
export function createSigningSecret(): string {
  return `sgn_${randomBase62(43)}`;
}

/** A fresh project id: `proj_` and 16 base62 characters. */
export function createProjectId(): string {
  return `proj_${randomBase62(16)}`;
}

/** The project that a proxy URL names, or undefined: unknown key, or the project was deleted. */
export async function findProjectByKey(
  store: Store,
  proxyKey: string,
): Promise<Project | undefined> {
  return store.read
    .selectFrom("projects")
    .selectAll()
    .where("proxy_key", "=", proxyKey)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
}

/** A project by id, deleted ones too: their running work still ends. */
export async function findProject(
  query: Kysely<Schema>,
  projectId: string,
): Promise<Project | undefined> {
  return query.selectFrom("projects").selectAll().where("id", "=", projectId).executeTakeFirst();
}

/** Inserts a project with the documented defaults; does nothing when the id exists. */
export async function insertProject(tx: Tx, input: NewProjectInput): Promise<void> {
  await tx.query
    .insertInto("projects")
    .values({
      id: input.id,
      owner_id: input.ownerId,
      name: input.name,
      website_url: input.websiteUrl ?? null,
      proxy_key: input.proxyKey,
      allowed_origins: JSON.stringify(input.allowedOrigins),
      enable_signing: 0,
      signing_secret: null,
      previous_signing_secret: null,
      previous_signing_secret_until: null,
      default_motion: newProjectDefaults.motion,
      default_mode: newProjectDefaults.mode,
      default_dur_seconds: newProjectDefaults.durSeconds,
      pending_mode: "json",
      overage_enabled: 0,
      brand: null,
      webhook_url: null,
      webhook_events: JSON.stringify(["asset.completed", "asset.failed"]),
      webhooks_enabled: 0,
      webhook_secret: null,
      previous_webhook_secret: null,
      previous_webhook_secret_until: null,
      generations_per_day_max: null,
      generations_per_month_max: null,
      last_event_id: 0,
      created_at: tx.now,
      updated_at: tx.now,
      deleted_at: null,
    })
    .onConflict((oc) => oc.column("id").doNothing())
    .execute();
}

function randomBase62(length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      // 248 is the largest multiple of 62 in a byte: what lies above would favour the first digits.
      if (byte < 248 && text.length < length) text += base62[byte % 62];
    }
  }
  return text;
}
