import { assetId } from "../../assets/id.ts";
import type { AssetRequest } from "../../assets/request.ts";
import { AppError } from "../../errors.ts";
import type { ProxyProject } from "../../projects/proxy-project.ts";
import type { Reading } from "./hot.ts";
import { parseIdempotencyKey } from "./proxy-options.ts";
import { authoriseSource } from "./proxy-source.ts";
import { type ProxyUrl, parseProxyUrl } from "./proxy-url.ts";

/** A proxy request that may be answered: its project is known and allows the source. */
export interface ProxyRequest {
  readonly url: ProxyUrl;
  readonly project: ProxyProject;
  /** What it asks for, the project's defaults filled in. */
  readonly asset: AssetRequest;
  readonly assetId: string;
  /** Until when the answer may be remembered, in Unix milliseconds, or Infinity. */
  readonly expiresAtMs: number;
}

/** One that is being answered. */
export interface ProxyReading extends ProxyRequest {
  /** Begun before the project was read: an answer may be remembered by it. */
  readonly reading: Reading;
}

export interface ResolveDeps {
  readonly findProject: (proxyKey: string) => Promise<ProxyProject | undefined>;
  readonly baseUrl: string;
  readonly clock: { now(): number };
}

/**
 * From the raw request target to the asset it means.
 * @throws AppError 400 or 403, as `parseProxyUrl` and `authoriseSource` say.
 */
export async function resolveProxyRequest(
  deps: ResolveDeps,
  target: string,
  headers: Headers,
): Promise<ProxyRequest> {
  const url = parseProxyUrl(target);
  const header = headers.get("idempotency-key");
  const idem = url.options.idem ?? (header === null ? undefined : parseIdempotencyKey(header));
  const project = await deps.findProject(url.projectKey);
  if (!project) throw new AppError("unknown_project_key", "unknown project key");
  const src = authoriseSource({ baseUrl: deps.baseUrl, nowMs: deps.clock.now() }, project, url);
  const asset = assetRequest(project, url, src, idem);
  return {
    url,
    project,
    asset,
    assetId: assetId(asset),
    expiresAtMs: expiryOf(project, url),
  };
}

/**
 * With the URL itself, or with the secret before the last rotation: this URL may be signed with
 * that one, and nothing is committed at the moment when it ceases to be good.
 */
function expiryOf({ signing }: ProxyProject, { options: { exp } }: ProxyUrl): number {
  if (!signing) return Number.POSITIVE_INFINITY;
  const rotatedMs = signing.previous ? signing.previous.untilMs - 1 : Number.POSITIVE_INFINITY;
  return Math.min((exp ?? Number.POSITIVE_INFINITY) * 1000, rotatedMs);
}

function assetRequest(
  project: ProxyProject,
  { options }: ProxyUrl,
  src: string,
  idem: string | undefined,
): AssetRequest {
  return {
    projectId: project.id,
    src,
    motion: options.motion ?? project.defaultMotion,
    mode: options.mode ?? project.defaultMode,
    durSeconds: options.dur ?? project.defaultDurSeconds,
    prompt: options.prompt,
    seed: options.seed,
    aspect: options.aspect ?? "preserve",
    idem,
  };
}
