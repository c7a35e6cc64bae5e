import type { Generation } from "../db/schema.ts";
import type { Log } from "../log.ts";
import type { MotionProvider } from "../providers/motion.ts";

export interface ProviderWorkDeps {
  readonly motion: readonly MotionProvider[];
  readonly log: Log;
}

/**
 * Stops what a provider still works on for a generation that has ended; nothing happens when there
 * is nothing. What cannot be stopped runs to its end, and its result is not asked for.
 */
export async function cancelProviderWork(
  { motion, log }: ProviderWorkDeps,
  generation: Pick<Generation, "id" | "provider" | "provider_reference">,
): Promise<void> {
  const { id, provider: name, provider_reference: reference } = generation;
  const provider = motion.find((candidate) => candidate.name === name);
  if (!provider || !reference) return;
  await provider.cancel(reference).catch((error) => {
    log.warn("provider_not_cancelled", { generation: id, provider: name, reference, error });
  });
}
