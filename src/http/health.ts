import { Elysia, t } from "elysia";
import type { Clock } from "../clock.ts";

/** One thing that must work for the server to be of use. */
export interface ReadinessCheck {
  readonly name: string;
  /** Throws when it does not work. */
  readonly check: () => Promise<void>;
}

export interface HealthDeps {
  readonly checks: readonly ReadinessCheck[];
  readonly clock: Pick<Clock, "elapsed" | "schedule">;
}

const checkTimeoutMs = 2000;
/** A look writes to database and storage, and anybody may ask: more often is answered as before. */
const lookEveryMs = 1000;

const readiness = t.Object({
  status: t.UnionEnum(["ready", "unavailable"]),
  checks: t.Record(t.String(), t.UnionEnum(["ok", "failed"])),
});

/** `/healthz`: the process answers. `/readyz`: it can also do its work, and if not, why. */
export function createHealthRoutes(deps: HealthDeps) {
  const look = createLook(deps);
  return new Elysia({ name: "health" })
    .get("/healthz", () => ({ status: "ok" as const }), {
      response: { 200: t.Object({ status: t.Literal("ok") }) },
      detail: {
        operationId: "checkLiveness",
        summary: "Whether the process is alive",
        tags: ["Server"],
      },
    })
    .get(
      "/readyz",
      async ({ status }) => {
        const checks = await look();
        const isReady = Object.values(checks).every((result) => result === "ok");
        return isReady
          ? status(200, { status: "ready", checks })
          : status(503, { status: "unavailable", checks });
      },
      {
        response: { 200: readiness, 503: readiness },
        detail: {
          operationId: "checkReadiness",
          summary: "Whether the server can do its work",
          tags: ["Server"],
        },
      },
    );
}

type Results = Record<string, "ok" | "failed">;

function createLook({ checks, clock }: HealthDeps): () => Promise<Results> {
  let last: { readonly atMs: number; readonly results: Promise<Results> } | undefined;
  return () => {
    const nowMs = clock.elapsed();
    if (!last || nowMs - last.atMs >= lookEveryMs) {
      const looked = checks.map(async ({ name, check }) => [name, await resultOf(clock, check)]);
      last = { atMs: nowMs, results: Promise.all(looked).then(Object.fromEntries) };
    }
    return last.results;
  };
}

async function resultOf(
  clock: HealthDeps["clock"],
  check: ReadinessCheck["check"],
): Promise<"ok" | "failed"> {
  const late = Promise.withResolvers<"failed">();
  const stopTimer = clock.schedule(checkTimeoutMs, () => late.resolve("failed"));
  const done = check().then(
    () => "ok" as const,
    () => "failed" as const,
  );
  return Promise.race([done, late.promise]).finally(stopTimer);
}
