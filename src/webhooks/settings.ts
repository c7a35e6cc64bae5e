import { sql } from "kysely";
import type { Project } from "../db/schema.ts";
import type { Store, Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import type { Announcement } from "../events/announce.ts";
import { enqueue } from "../jobs/queue.ts";
import { holdProject, type ProjectUser } from "../projects/change.ts";
import { getProjectFor } from "../projects/roles.ts";
import type { Sealer } from "../projects/seal.ts";
import { deliverJob } from "./deliveries.ts";
import { createWebhookSecret } from "./sign.ts";
import { parseWebhookUrl } from "./target.ts";

/** What can be changed; absent means kept. */
export interface WebhookChanges {
  /** Null removes the endpoint; its secret is kept for the next one. */
  readonly url?: string | null;
  readonly events?: readonly Announcement[];
  readonly isEnabled?: boolean;
}

export interface WebhookSettings {
  readonly url: string | null;
  readonly events: readonly Announcement[];
  readonly isEnabled: boolean;
  /** The secret's first characters, or null while there is none. */
  readonly secretPreview: string | null;
  /** Until when the secret before signs, too (Unix milliseconds). */
  readonly previousSecretUntilMs: number | null;
  /** Only when this very change made it, to be shown this once. */
  readonly secret: string | undefined;
}

export interface SettingsDeps {
  readonly store: Store;
  readonly sealer: Sealer;
}

/** How long the secret before a rotation signs along with the new one. */
export const overlapMs = 24 * 60 * 60_000;
const previewLength = 12;

/** @throws AppError `not_found`. */
export async function getWebhookSettings(
  { store, sealer }: SettingsDeps,
  who: ProjectUser,
): Promise<WebhookSettings> {
  return describe((await getProjectFor(store.read, who, "viewer")).project, sealer);
}

/**
 * Changes where messages go and what they tell. The first URL gets its secret. What waits for an
 * endpoint that was removed or switched off is given up.
 * @throws AppError `not_found`, `forbidden`; `invalid_request` naming the URL's fault.
 */
export async function updateWebhookSettings(
  { store, sealer }: SettingsDeps,
  who: ProjectUser,
  changes: WebhookChanges,
): Promise<WebhookSettings> {
  return store.write(async (tx) => {
    const { project } = await holdProject(tx, who, "editor");
    const url = urlAfter(project, changes);
    const isEnabled = url !== null && (changes.isEnabled ?? project.webhooks_enabled === 1);
    if (changes.isEnabled === true && !isEnabled) {
      throw new AppError("invalid_request", "Set a URL before webhooks are switched on");
    }
    const isFirst = url !== null && project.webhook_secret === null;
    const secret = isFirst ? createWebhookSecret() : undefined;
    const changed = await tx.query
      .updateTable("projects")
      .set({
        webhook_url: url,
        webhooks_enabled: isEnabled ? 1 : 0,
        ...(changes.events && { webhook_events: JSON.stringify([...new Set(changes.events)]) }),
        ...(secret !== undefined && { webhook_secret: sealer.seal(secret) }),
      })
      .where("id", "=", who.projectId)
      .returningAll()
      .executeTakeFirstOrThrow();
    if (!isEnabled) await enqueue(tx, { kind: deliverJob, subject: who.projectId });
    tx.wake(`project:${who.projectId}`);
    return { ...describe(changed, sealer), secret };
  });
}

/**
 * Gives a project another secret. The one before signs along for a day, so that receivers can
 * change over without losing a message.
 * @returns the new secret: it is stored sealed, and shown by nobody again.
 * @throws AppError `not_found`, `forbidden`.
 */
export async function rotateWebhookSecret(
  { store, sealer }: SettingsDeps,
  who: ProjectUser,
): Promise<string> {
  return store.write(async (tx) => {
    const { project } = await holdProject(tx, who, "owner");
    const secret = createWebhookSecret();
    const hasOverlap = project.webhook_secret !== null;
    await tx.query
      .updateTable("projects")
      .set({
        webhook_secret: sealer.seal(secret),
        previous_webhook_secret: project.webhook_secret,
        previous_webhook_secret_until: hasOverlap ? sql<number>`${tx.now} + ${overlapMs}` : null,
      })
      .where("id", "=", who.projectId)
      .execute();
    return secret;
  });
}

/** Switches an endpoint on or off, if it is still the one at `url`; then what waits is given up. */
export async function switchEndpoint(
  tx: Tx,
  { projectId, url }: { readonly projectId: string; readonly url: string },
  isEnabled: boolean,
): Promise<void> {
  await tx.query
    .updateTable("projects")
    .set({ webhooks_enabled: isEnabled ? 1 : 0, updated_at: tx.now })
    .where("id", "=", projectId)
    .where("webhook_url", "=", url)
    .execute();
  if (!isEnabled) await enqueue(tx, { kind: deliverJob, subject: projectId });
  tx.wake(`project:${projectId}`);
}

function urlAfter(project: Project, { url }: WebhookChanges): string | null {
  if (url === undefined) return project.webhook_url;
  return url === null
    ? null
    : parseWebhookUrl(url, JSON.parse(project.allowed_origins) as string[]);
}

function describe(project: Project, sealer: Sealer): WebhookSettings {
  const { webhook_secret: sealed } = project;
  return {
    url: project.webhook_url,
    events: JSON.parse(project.webhook_events) as Announcement[],
    isEnabled: project.webhooks_enabled === 1,
    secretPreview: sealed === null ? null : `${sealer.open(sealed).slice(0, previewLength)}…`,
    previousSecretUntilMs: project.previous_webhook_secret_until,
    secret: undefined,
  };
}
