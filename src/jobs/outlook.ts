import type { Store } from "../db/store.ts";

/** What a runner needs to know before it takes jobs or goes to sleep. */
export interface Outlook {
  /** The kinds that have a job due. */
  readonly due: readonly string[];
  /** How long until the next job becomes due that is not yet, or undefined when none waits. */
  readonly nextInMs: number | undefined;
}

interface KindOutlook {
  readonly due: string | null;
  readonly next: number | null;
}

/**
 * Looks without claiming: two index seeks a kind, so that a quiet queue is never written to.
 * @param except jobs that are being worked on.
 */
export async function lookAhead(
  store: Store,
  kinds: readonly string[],
  except: readonly string[],
): Promise<Outlook> {
  const due: string[] = [];
  let nextInMs: number | undefined;
  for (const kind of kinds) {
    const { now, ...outlook } = await lookAtKind(store, kind, except);
    if (outlook.due !== null) due.push(kind);
    if (outlook.next !== null) nextInMs = Math.min(nextInMs ?? Infinity, outlook.next - now);
  }
  return { due, nextInMs };
}

async function lookAtKind(
  store: Store,
  kind: string,
  except: readonly string[],
): Promise<KindOutlook & { readonly now: number }> {
  const { now } = store;
  return store.read
    .selectNoFrom((e) => {
      const jobs = e
        .selectFrom("jobs")
        .where("kind", "=", kind)
        .$if(except.length > 0, (rows) => rows.where("id", "not in", except))
        .orderBy("due_at")
        .orderBy("id")
        .limit(1);
      return [
        now.as("now"),
        jobs.where("due_at", "<=", now).select("id").as("due"),
        jobs.where("due_at", ">", now).select("due_at").as("next"),
      ];
    })
    .executeTakeFirstOrThrow();
}
