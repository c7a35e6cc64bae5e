import type { Project } from "../db/schema.ts";
import type { Store } from "../db/store.ts";
import type { Mode, Motion } from "../scene/plan.ts";
import { changeProject, holdProject, type ProjectUser, requireOwner } from "./change.ts";
import { createSigningSecret } from "./project.ts";
import type { PendingMode } from "./proxy-project.ts";
import type { ProjectAccess } from "./roles.ts";
import type { Sealer } from "./seal.ts";

/** What can be changed of how proxy URLs are answered; absent means kept. */
export interface ProxyConfigChanges {
  /** In their canonical form, as `parseOrigins` gives them. */
  readonly allowedOrigins?: readonly string[];
  readonly enableSigning?: boolean;
  readonly defaultMotion?: Motion;
  readonly defaultMode?: Mode;
  readonly defaultDurSeconds?: number;
  readonly pendingMode?: PendingMode;
}

export interface ProxyConfigUpdate extends ProjectAccess {
  /** The secret that this update made, to be shown this once. */
  readonly signingSecret: string | undefined;
}

/**
 * Changes the proxy's configuration; what the hot path remembers of the project is dropped by the
 * same commit. Signing that is switched on for the first time gets its secret, and keeps it when
 * it is switched off and on again.
 * @throws AppError `not_found`; `forbidden` also when an editor switches signing.
 */
export async function updateProxyConfig(
  deps: { readonly store: Store; readonly sealer: Sealer },
  who: ProjectUser,
  changes: ProxyConfigChanges,
): Promise<ProxyConfigUpdate> {
  return deps.store.write(async (tx) => {
    const access = await holdProject(tx, who, "editor");
    const isSigned = access.project.enable_signing === 1;
    if (changes.enableSigning !== undefined && changes.enableSigning !== isSigned) {
      requireOwner(access, "switching signing");
    }
    const isFirst = changes.enableSigning === true && access.project.signing_secret === null;
    const signingSecret = isFirst ? createSigningSecret() : undefined;
    const columns = {
      ...columnsOf(changes),
      ...(signingSecret === undefined ? {} : { signing_secret: deps.sealer.seal(signingSecret) }),
    };
    if (Object.keys(columns).length === 0) return { ...access, signingSecret };
    const project = await changeProject(tx, who.projectId, columns);
    tx.wake(`project:${who.projectId}`);
    return { project, role: access.role, signingSecret };
  });
}

type Columns = Partial<
  Pick<
    Project,
    | "allowed_origins"
    | "enable_signing"
    | "default_motion"
    | "default_mode"
    | "default_dur_seconds"
    | "pending_mode"
  >
>;

function columnsOf(changes: ProxyConfigChanges): Columns {
  const { allowedOrigins, enableSigning, defaultMotion } = changes;
  const { defaultMode, defaultDurSeconds, pendingMode } = changes;
  return {
    ...(allowedOrigins === undefined ? {} : { allowed_origins: JSON.stringify(allowedOrigins) }),
    ...(enableSigning === undefined ? {} : { enable_signing: enableSigning ? 1 : 0 }),
    ...(defaultMotion === undefined ? {} : { default_motion: defaultMotion }),
    ...(defaultMode === undefined ? {} : { default_mode: defaultMode }),
    ...(defaultDurSeconds === undefined ? {} : { default_dur_seconds: defaultDurSeconds }),
    ...(pendingMode === undefined ? {} : { pending_mode: pendingMode }),
  };
}
