import type { Kysely } from "kysely";
import type { Project, Schema } from "../db/schema.ts";
import type { Sealer } from "../projects/seal.ts";

/** Where a project's messages go, ready for use. A project has one such place at most. */
export interface WebhookEndpoint {
  readonly projectId: string;
  readonly url: string;
  readonly isEnabled: boolean;
  /** What messages are signed with: the present secret and, for a while, the one before. */
  readonly secrets: readonly string[];
  /** Whose ports, and whose plain http, a URL may use. */
  readonly allowedOrigins: readonly string[];
}

/** The endpoint of a project, or undefined: none was set, or the project was deleted. */
export async function findEndpoint(
  deps: { readonly sealer: Sealer; readonly clock: { now(): number } },
  query: Kysely<Schema>,
  projectId: string,
): Promise<WebhookEndpoint | undefined> {
  const project = await query
    .selectFrom("projects")
    .selectAll()
    .where("id", "=", projectId)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  return project && endpointOf(project, deps.sealer, deps.clock.now());
}

/** As `findEndpoint`, of a project that was read already. */
export function endpointOf(
  project: Project,
  sealer: Sealer,
  nowMs: number,
): WebhookEndpoint | undefined {
  const { webhook_url: url, webhook_secret: secret } = project;
  if (url === null || secret === null) return undefined;
  const { previous_webhook_secret: previous, previous_webhook_secret_until: untilMs } = project;
  const isOverlap = previous !== null && untilMs !== null && nowMs < untilMs;
  return {
    projectId: project.id,
    url,
    isEnabled: project.webhooks_enabled === 1,
    secrets: (isOverlap ? [secret, previous] : [secret]).map(sealer.open),
    allowedOrigins: JSON.parse(project.allowed_origins) as string[],
  };
}
