import type { Store, Topic } from "../../db/store.ts";
import type { RequestIds } from "../request/request-id.ts";
import { createProjectStates, type ProjectState, type ReadProject } from "./project-states.ts";
import { createTopicMemo } from "./topic-memo.ts";

/** What a URL is answered with for as long as nothing changes. */
export interface HotEntry {
  /** A wake-up for the asset drops the entry. */
  readonly assetId: string;
  /** A wake-up for the project puts the entry in doubt until the project was read again. */
  readonly project: ReadProject;
  /** When the URL itself expires (Unix milliseconds), or Infinity. */
  readonly expiresAtMs: number;
  /** @returns undefined when the full path must answer after all. */
  readonly answer: (request: Request, requestId: string) => HotAnswer;
}

export type HotAnswer = Response | Promise<Response> | undefined;

/** One look at the database. What it found may be remembered only while it is still true. */
export interface Reading {
  remember(url: string, entry: HotEntry): void;
}

export interface Hot {
  /** Answers a GET or HEAD whose URL is remembered; undefined for anything else. */
  answer(request: Request): HotAnswer;
  /** Runs one look at the database; begin here, before the first query. */
  read<T>(look: (reading: Reading) => Promise<T>): Promise<T>;
  /** How many requests were answered from memory and how many could not be. */
  counts(): HotCounts;
  close(): void;
}

export interface HotCounts {
  readonly hits: number;
  readonly misses: number;
  readonly entries: number;
}

export interface HotDeps {
  readonly store: Pick<Store, "subscribe" | "isShared">;
  readonly clock: { now(): number };
  readonly requestIds: RequestIds;
}

/**
 * URLs remembered at a time, at 4 KB each. Beyond it the oldest goes: a few queries for the next.
 */
export const hotEntriesMax = 10_000;
/** Among several machines a lost wake-up must heal: nothing is believed for longer. */
const sharedLifeMs = 15_000;
/** Topics that one look may hear before it counts as having heard them all. */
const heardMax = 1000;
const projectPrefix = "project:";

/** An entry as it is held. */
interface Held {
  readonly answer: HotEntry["answer"];
  readonly expiresAtMs: number;
  readonly state: ProjectState;
}

/**
 * The hot path: a memo from the raw URL to a finished answer, so that a clip that is ready costs
 * no parsing, no hashing and no query. It is invalidated by the wake-ups that follow a commit:
 * exactly the entries of that asset or project, or all when some may have been missed.
 */
export function openHot(deps: HotDeps, entriesMax = hotEntriesMax): Hot {
  const memo = createTopicMemo<Held>(entriesMax);
  const projects = createProjectStates(entriesMax);
  const readings = new Set<Set<Topic | undefined>>();
  let [hits, misses] = [0, 0];

  const unsubscribe = deps.store.subscribe((topic) => {
    if (topic === "jobs") return;
    for (const heard of readings) heard.add(heard.size < heardMax ? topic : undefined);
    if (topic?.startsWith(projectPrefix)) projects.doubt(topic.slice(projectPrefix.length));
    else memo.drop(topic);
  });

  const remember = (url: string, entry: HotEntry, heard: ReadonlySet<Topic | undefined>) => {
    const topics: readonly Topic[] = [`asset:${entry.assetId}`, `project:${entry.project.id}`];
    if (heard.has(undefined) || topics.some((topic) => heard.has(topic))) return;
    const life = deps.store.isShared ? deps.clock.now() + sharedLifeMs : Number.POSITIVE_INFINITY;
    const held: Held = {
      answer: entry.answer,
      expiresAtMs: Math.min(entry.expiresAtMs, life),
      state: projects.confirm(entry.project),
    };
    memo.set(url, held, [`asset:${entry.assetId}`]);
  };

  return {
    answer(request) {
      const { method, url } = request;
      if (method !== "GET" && method !== "HEAD") return undefined;
      const entry = memo.get(url);
      const response = entry && answerFrom(deps, entry, request);
      if (response) hits += 1;
      else misses += 1;
      return response;
    },
    async read(look) {
      // What is heard from here on may be younger than what the queries see.
      const heard = new Set<Topic | undefined>();
      readings.add(heard);
      try {
        return await look({ remember: (url, entry) => remember(url, entry, heard) });
      } finally {
        readings.delete(heard);
      }
    },
    counts: () => ({ hits, misses, entries: memo.size() }),
    close: unsubscribe,
  };
}

function answerFrom(deps: HotDeps, entry: Held, request: Request): HotAnswer {
  if (entry.state.isInDoubt || hasExpired(deps, entry)) return undefined;
  const { headers } = request;
  // The header names another asset than the URL alone does.
  if (headers.has("idempotency-key")) return undefined;
  return entry.answer(request, deps.requestIds.of(headers));
}

/** Most entries never do, and even asking for the time would cost them something. */
function hasExpired({ clock }: HotDeps, { expiresAtMs }: Held): boolean {
  return expiresAtMs !== Number.POSITIVE_INFINITY && clock.now() > expiresAtMs;
}
