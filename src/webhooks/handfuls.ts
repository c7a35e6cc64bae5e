import type { Attempt } from "./attempt.ts";

/** Messages sent to one endpoint at once. */
export const perEndpointMax = 8;
/** Endpoints served at once by this process. */
export const endpointsAtOnce = 128;
/**
 * Once so many are under way, an endpoint gets no more than one. The runtime makes 256 requests at
 * once and has all others wait, those for sources too: with one for each of the remaining
 * endpoints there are never more than 212.
 */
const generousUpTo = 96;

/** How many messages an endpoint is sent at once, by how it goes with it and with all of them. */
export interface Handfuls {
  /** From 1 to `perEndpointMax`. */
  sizeFor(projectId: string): number;
  /** Makes an attempt, which counts while it lasts, and whose outcome is remembered. */
  during(
    projectId: string,
    attempt: () => Promise<Attempt | undefined>,
  ): Promise<Attempt | undefined>;
}

/** An endpoint that did not answer is tried with single messages until it does. */
export function createHandfuls(): Handfuls {
  let underWay = 0;
  // At most as many as there are projects with an endpoint that is down.
  const silent = new Set<string>();
  return {
    sizeFor(projectId) {
      if (silent.has(projectId)) return 1;
      return Math.max(1, Math.min(perEndpointMax, generousUpTo - underWay));
    },
    async during(projectId, attempt) {
      underWay += 1;
      try {
        const outcome = await attempt();
        if (outcome?.responseCode === null) silent.add(projectId);
        else if (outcome) silent.delete(projectId);
        return outcome;
      } finally {
        underWay -= 1;
      }
    },
  };
}
