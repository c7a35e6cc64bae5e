import type { Project } from "../db/schema.ts";
import type { Store } from "../db/store.ts";
import { changeProject, holdProject, type ProjectUser, requireOwner } from "./change.ts";
import type { ProjectAccess } from "./roles.ts";

/** What can be changed of a project besides its proxy's configuration; absent means kept. */
export interface ProjectChanges {
  readonly name?: string;
  readonly websiteUrl?: string | null;
  readonly overageEnabled?: boolean;
  /** Generations that may be charged a calendar day (UTC); null for no limit of the project's. */
  readonly generationsPerDayMax?: number | null;
  readonly generationsPerMonthMax?: number | null;
}

/**
 * Changes a project. An editor may; what decides over the owner's money is the owner's alone.
 * @throws AppError `not_found`, `forbidden`.
 */
export async function updateProject(
  store: Store,
  who: ProjectUser,
  changes: ProjectChanges,
): Promise<ProjectAccess> {
  return store.write(async (tx) => {
    const access = await holdProject(tx, who, "editor");
    const columns = columnsOf(changes);
    if (changesSpending(access.project, columns))
      requireOwner(access, "changing what may be spent");
    if (Object.keys(columns).length === 0) return access;
    const project = await changeProject(tx, who.projectId, columns);
    return { project, role: access.role };
  });
}

type Columns = Partial<
  Pick<
    Project,
    | "name"
    | "website_url"
    | "overage_enabled"
    | "generations_per_day_max"
    | "generations_per_month_max"
  >
>;

function columnsOf(changes: ProjectChanges): Columns {
  return {
    ...(changes.name === undefined ? {} : { name: changes.name }),
    ...(changes.websiteUrl === undefined ? {} : { website_url: changes.websiteUrl }),
    ...(changes.overageEnabled === undefined
      ? {}
      : { overage_enabled: changes.overageEnabled ? 1 : 0 }),
    ...(changes.generationsPerDayMax === undefined
      ? {}
      : { generations_per_day_max: changes.generationsPerDayMax }),
    ...(changes.generationsPerMonthMax === undefined
      ? {}
      : { generations_per_month_max: changes.generationsPerMonthMax }),
  };
}

const spending = [
  "overage_enabled",
  "generations_per_day_max",
  "generations_per_month_max",
] as const;

/** Whoever sends all fields of a form back unchanged has changed nothing. */
function changesSpending(project: Project, columns: Columns): boolean {
  return spending.some((name) => name in columns && columns[name] !== project[name]);
}
