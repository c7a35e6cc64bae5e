import type { Project } from "../db/schema.ts";
import type { Store } from "../db/store.ts";
import { type Mode, type Motion, modes, motions } from "../scene/plan.ts";
import { findProjectByKey, newProjectDefaults } from "./project.ts";
import type { Sealer } from "./seal.ts";

/** A project as the proxy URL needs it: columns parsed, secrets opened. */
export interface ProxyProject {
  readonly id: string;
  readonly ownerId: string;
  readonly proxyKey: string;
  /** As configured, `https://acme.com`; see `projects/origins.ts` for how they match. */
  readonly allowedOrigins: readonly string[];
  readonly signing: SigningSettings | undefined;
  readonly defaultMotion: Motion;
  readonly defaultMode: Mode;
  readonly defaultDurSeconds: number;
  readonly pendingMode: PendingMode;
}

export interface SigningSettings {
  readonly secret: string;
  /** The secret before the last rotation, still good until the time given (Unix milliseconds). */
  readonly previous: { readonly secret: string; readonly untilMs: number } | undefined;
}

export const pendingModes = ["json", "poster", "preview"] as const;
/** What answers an `.mp4` request while the clip is made. */
export type PendingMode = (typeof pendingModes)[number];

/** The project of a proxy key, ready for use, or undefined. */
export async function findProxyProject(
  deps: { readonly store: Store; readonly sealer: Sealer },
  proxyKey: string,
): Promise<ProxyProject | undefined> {
  const row = await findProjectByKey(deps.store, proxyKey);
  return row && parseProxyProject(row, deps.sealer);
}

/** What a project has decided for whoever asks without options. */
export function projectDefaults(row: Project) {
  return {
    motion: memberOf(motions, row.default_motion, newProjectDefaults.motion),
    mode: memberOf(modes, row.default_mode, newProjectDefaults.mode),
    durSeconds: row.default_dur_seconds,
  };
}

function parseProxyProject(row: Project, sealer: Sealer): ProxyProject {
  const { motion, mode, durSeconds } = projectDefaults(row);
  return {
    id: row.id,
    ownerId: row.owner_id,
    proxyKey: row.proxy_key,
    allowedOrigins: JSON.parse(row.allowed_origins) as string[],
    signing: parseSigning(row, sealer),
    defaultMotion: motion,
    defaultMode: mode,
    defaultDurSeconds: durSeconds,
    pendingMode: memberOf(pendingModes, row.pending_mode, "json"),
  };
}

function parseSigning(row: Project, sealer: Sealer): SigningSettings | undefined {
  if (row.enable_signing === 0 || row.signing_secret === null) return undefined;
  const { previous_signing_secret: previous, previous_signing_secret_until: untilMs } = row;
  return {
    secret: sealer.open(row.signing_secret),
    previous:
      previous === null || untilMs === null
        ? undefined
        : { secret: sealer.open(previous), untilMs },
  };
}

function memberOf<T extends string>(members: readonly T[], value: string, fallback: T): T {
  return members.find((member) => member === value) ?? fallback;
}
