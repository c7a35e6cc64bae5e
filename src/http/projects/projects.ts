import { Elysia, t } from "elysia";
import { encodePlace } from "../../assets/page.ts";
import { deleteProject } from "../../assets/project-end.ts";
import type { Store } from "../../db/store.ts";
import { createProject } from "../../projects/create.ts";
import { listProjects } from "../../projects/list.ts";
import { getProjectFor } from "../../projects/roles.ts";
import { updateProject } from "../../projects/update.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { pageQuery, placeOf } from "../answer/page-query.ts";
import { errorBody } from "../answer/schemas.ts";
import {
  describeProject,
  describeWhole,
  generationsMax,
  projectBody,
  projectErrors,
  projectParams,
  projectSummary,
} from "./project-schemas.ts";

export interface ProjectRoutesDeps {
  readonly store: Store;
}

const listDefault = 100;
const closed = { additionalProperties: false } as const;
const name = t.String({
  minLength: 1,
  maxLength: 100,
  pattern: "\\S",
  error: "Name must be 1 to 100 characters",
});
const website = t.String({
  maxLength: 2048,
  pattern: "^https?://[^\\s/?#@]+(?:[/?#]\\S*)?$",
  error: "Expected an http or https URL",
});
const newProject = t.Object(
  { name, website_url: t.Optional(website) },
  { ...closed, examples: [{ name: "Acme shop", website_url: "https://acme.com" }] },
);
const projectChanges = t.Object(
  {
    name: t.Optional(name),
    website_url: t.Optional(t.Nullable(website)),
    overage_enabled: t.Optional(t.Boolean({ error: "Expected true or false" })),
    generations_per_day_max: t.Optional(generationsMax),
    generations_per_month_max: t.Optional(generationsMax),
  },
  { ...closed, examples: [{ name: "Acme", generations_per_day_max: 50 }] },
);
const listQuery = t.Object(pageQuery(listDefault), closed);
const one = { 200: t.Object({ project: projectBody }), ...projectErrors };
const { 404: _none, ...listErrors } = projectErrors;
const tags = ["Projects"];

const creating = {
  body: newProject,
  response: { 201: t.Object({ project: projectBody }), 400: errorBody, ...listErrors },
  detail: {
    operationId: "createProject",
    summary: "Create a project",
    description:
      "It comes with its proxy key and allows no source yet: add origins to its proxy " +
      "configuration. Uploads to this server are always allowed.",
    tags,
  },
};
const listing = {
  query: listQuery,
  response: {
    200: t.Object({
      projects: t.Array(projectSummary),
      next_cursor: t.Nullable(t.String({ description: "Null on the last page" })),
    }),
    400: errorBody,
    ...listErrors,
  },
  detail: {
    operationId: "listProjects",
    summary: "List projects",
    description: "Those that the caller owns or shares, newest first.",
    tags,
  },
};
const changing = {
  params: projectParams,
  body: projectChanges,
  response: { ...one, 400: errorBody },
  detail: {
    operationId: "updateProject",
    summary: "Change a project",
    description:
      "What is not sent stays. `overage_enabled` and the limits on generations decide over " +
      "the owner's money, and are the owner's to change.",
    tags,
  },
};
const deleting = {
  params: projectParams,
  response: { 200: t.Object({ ok: t.Literal(true) }), ...projectErrors },
  detail: {
    operationId: "deleteProject",
    summary: "Delete a project",
    description:
      "For its owner. The proxy key is refused from now on, running generations are " +
      "cancelled, and finished clips stay at `/r2/assets/…`.",
    tags,
  },
};

/** `/api/projects`: the projects that the caller owns or shares. */
export function createProjectRoutes({ store }: ProjectRoutesDeps, signedIn: SignedIn) {
  return new Elysia({ name: "projects", normalize: false })
    .use(signedIn)
    .post(
      "/api/projects",
      async ({ caller, body, status }) => {
        const access = await createProject(store, caller.userId, {
          name: body.name.trim(),
          websiteUrl: body.website_url,
        });
        return status(201, { project: describeWhole(access) });
      },
      creating,
    )
    .get("/api/projects", ({ caller, query }) => answerList(store, caller.userId, query), listing)
    .get(
      "/api/projects/:id",
      async ({ caller, params }) => {
        const who = { projectId: params.id, userId: caller.userId };
        return { project: describeWhole(await getProjectFor(store.read, who, "viewer")) };
      },
      {
        params: projectParams,
        response: one,
        detail: { operationId: "getProject", summary: "Get a project", tags },
      },
    )
    .patch(
      "/api/projects/:id",
      async ({ caller, params, body }) => {
        const who = { projectId: params.id, userId: caller.userId };
        return { project: describeWhole(await updateProject(store, who, changesOf(body))) };
      },
      changing,
    )
    .delete(
      "/api/projects/:id",
      async ({ caller, params }) => {
        await deleteProject(store, { projectId: params.id, userId: caller.userId });
        return { ok: true as const };
      },
      deleting,
    );
}

async function answerList(
  store: Store,
  userId: string,
  query: { readonly limit?: number; readonly cursor?: string },
) {
  const { limit = listDefault, cursor } = query;
  const after = placeOf(cursor);
  // One more than is shown tells whether there is a next page.
  const found = await listProjects(store, userId, { limit: limit + 1, after });
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1)?.project : undefined;
  return {
    projects: shown.map(describeProject),
    next_cursor: last ? encodePlace({ createdAt: last.created_at, id: last.id }) : null,
  };
}

function changesOf(body: typeof projectChanges.static) {
  const { name: newName, website_url: websiteUrl, overage_enabled: overageEnabled } = body;
  const { generations_per_day_max: perDay, generations_per_month_max: perMonth } = body;
  return {
    ...(newName === undefined ? {} : { name: newName.trim() }),
    ...(websiteUrl === undefined ? {} : { websiteUrl }),
    ...(overageEnabled === undefined ? {} : { overageEnabled }),
    ...(perDay === undefined ? {} : { generationsPerDayMax: perDay }),
    ...(perMonth === undefined ? {} : { generationsPerMonthMax: perMonth }),
  };
}
