import type { Store, Tx } from "../db/store.ts";
import { enqueue } from "../jobs/queue.ts";
import { holdProject, type ProjectUser } from "../projects/change.ts";
import { getProjectFor } from "../projects/roles.ts";
import { type BrandChanges, type BrandContext, mergeBrand, parseStoredBrand } from "./brand.ts";

/** The job kind that crawls a site for a project, its subject. */
export const crawlJob = "crawl";

/** A project's last crawl, as its row keeps it. Times are Unix milliseconds. */
export interface Crawl {
  /** Distinguishes it from the crawl before, whose result would come too late. */
  readonly id: string;
  readonly url: string;
  readonly status: "crawling" | "done" | "failed";
  readonly startedAt: number;
  readonly endedAt?: number;
  /** The pages that were read. */
  readonly pages?: number;
  /** Whether a language model has gone over what was found. */
  readonly refined?: boolean;
  /** Why it failed, or was not refined. */
  readonly detail?: string;
}

/** A brand, and how the last crawl for it went. */
export interface BrandState {
  readonly brand: BrandContext | undefined;
  readonly crawl: Crawl | undefined;
}

/** How a crawl ended. */
export type CrawlEnd =
  | (Pick<Crawl, "pages" | "refined" | "detail"> & {
      readonly status: "done";
      readonly brand: BrandContext;
    })
  | { readonly status: "failed"; readonly detail: string };

/** @throws AppError `not_found`. */
export async function getBrand(store: Store, who: ProjectUser): Promise<BrandState> {
  const { project } = await getProjectFor(store.read, who, "viewer");
  return stateOf(project);
}

/**
 * Changes a brand. Clips that exist stay as they are: what is generated from now on is told of it.
 * @throws AppError `not_found`, `forbidden`.
 */
export async function putBrand(
  store: Store,
  who: ProjectUser,
  changes: BrandChanges,
): Promise<BrandState> {
  return store.write(async (tx) => {
    const { project } = await holdProject(tx, who, "editor");
    const brand = mergeBrand(parseStoredBrand(project.brand) ?? {}, changes);
    await tx.query
      .updateTable("projects")
      .set({ brand: JSON.stringify(brand) })
      .where("id", "=", who.projectId)
      .execute();
    return { ...stateOf(project), brand };
  });
}

/**
 * Asks for a crawl. One that is under way for the same project ends without effect.
 * @throws AppError `not_found`, `forbidden`.
 */
export async function requestCrawl(
  store: Store,
  who: ProjectUser,
  { id, url }: { readonly id: string; readonly url: string },
): Promise<void> {
  await store.write(async (tx) => {
    const { project } = await holdProject(tx, who, "editor");
    const crawl: Crawl = { id, url, status: "crawling", startedAt: project.updated_at };
    await saveCrawl(tx, who.projectId, crawl);
    await enqueue(tx, { kind: crawlJob, subject: who.projectId, payload: { id, url } });
  });
}

/**
 * Records how a crawl ended, unless its project is gone or a later one was asked for. What was
 * found replaces what was there; what was not found stays.
 */
export async function recordCrawl(
  tx: Tx,
  projectId: string,
  crawlId: string,
  result: CrawlEnd,
): Promise<void> {
  const project = await tx.query
    .updateTable("projects")
    .set({ updated_at: tx.now })
    .where("id", "=", projectId)
    .where("deleted_at", "is", null)
    .returning(["brand", "crawl", "updated_at"])
    .executeTakeFirst();
  const crawl = project && parseCrawl(project.crawl);
  if (!crawl || crawl.id !== crawlId || crawl.status !== "crawling") return;
  const ended = { ...crawl, status: result.status, endedAt: project.updated_at };
  if (result.status === "failed") {
    await saveCrawl(tx, projectId, { ...ended, detail: result.detail });
    return;
  }
  const { status: _, brand: found, ...told } = result;
  const brand = mergeBrand(parseStoredBrand(project.brand) ?? {}, found);
  await saveCrawl(tx, projectId, { ...ended, ...told });
  await tx.query
    .updateTable("projects")
    .set({ brand: JSON.stringify(brand) })
    .where("id", "=", projectId)
    .execute();
}

async function saveCrawl(tx: Tx, projectId: string, crawl: Crawl): Promise<void> {
  await tx.query
    .updateTable("projects")
    .set({ crawl: JSON.stringify(crawl) })
    .where("id", "=", projectId)
    .execute();
}

function stateOf(project: { readonly brand: string | null; readonly crawl: string | null }) {
  return { brand: parseStoredBrand(project.brand), crawl: parseCrawl(project.crawl) };
}

function parseCrawl(stored: string | null): Crawl | undefined {
  return stored === null ? undefined : (JSON.parse(stored) as Crawl);
}
