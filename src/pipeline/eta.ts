import type { AssetRequest, AssetView } from "../assets/request.ts";
import type { MotionEstimate } from "../providers/motion.ts";
import { modeOf } from "./generation.ts";

/** Nobody is told to come back sooner. */
const etaMsMin = 1000;

/**
 * When an asset's clip is expected: the provider's estimate less the time already spent. The
 * provider that has begun the work counts, else the one that would.
 * @returns milliseconds, at least a second.
 */
export function createEta(
  clock: { now(): number },
  motion: readonly [MotionEstimate, ...MotionEstimate[]],
): (view: AssetView) => number {
  return ({ newest }) => {
    const provider = motion.find(({ name }) => name === newest.provider) ?? motion[0];
    const spentMs = clock.now() - newest.created_at;
    return Math.max(etaMsMin, provider.etaMs(modeOf(newest), newest.dur_seconds) - spentMs);
  };
}

/** What a clip would take that is not begun yet. */
export interface Estimate {
  readonly etaMs: number;
  /** Millionths of a US dollar; 0 when this machine makes it. */
  readonly costUsdMicros: number;
}

/** What the preferred provider would take for a clip. */
export function createEstimate([provider]: readonly [MotionEstimate, ...MotionEstimate[]]): (
  request: Pick<AssetRequest, "mode" | "durSeconds">,
) => Estimate {
  return ({ mode, durSeconds }) => ({
    etaMs: Math.max(etaMsMin, provider.etaMs(mode, durSeconds)),
    costUsdMicros: provider.costUsdMicros?.(mode, durSeconds) ?? 0,
  });
}
