import { Elysia, t } from "elysia";
import type { Store } from "../../db/store.ts";
import {
  listMembers,
  type Member,
  memberRoles,
  putMember,
  removeMember,
} from "../../projects/members.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { choice } from "../answer/choice.ts";
import { fieldError } from "../answer/field-error.ts";
import { errorBody } from "../answer/schemas.ts";
import { projectErrors, projectParams, roleChoice } from "./project-schemas.ts";

export interface ProjectMemberDeps {
  readonly store: Store;
}

const memberRole = choice(memberRoles);
const memberBody = t.Object(
  {
    user_id: t.String(),
    email: t.String(),
    name: t.String(),
    role: roleChoice,
    created_at: t.Integer({ description: "Since when, Unix milliseconds" }),
  },
  { title: "Member" },
);
const newMember = t.Object(
  {
    email: t.Optional(
      t.String({ minLength: 3, maxLength: 255, error: "Expected an e-mail address" }),
    ),
    user_id: t.Optional(t.String({ minLength: 1, maxLength: 64 })),
    role: memberRole,
  },
  { additionalProperties: false, examples: [{ email: "ada@example.com", role: "editor" }] },
);
const memberParams = t.Object({
  ...projectParams.properties,
  userId: t.String({ maxLength: 64, description: "The member's id, `usr_…`" }),
});
const path = "/api/projects/:id/members";
const tags = ["Projects"];
const errors = { ...projectErrors, 400: errorBody, 409: errorBody };

const sharing = {
  params: projectParams,
  body: newMember,
  response: { 200: t.Object({ member: memberBody }), ...errors },
  detail: {
    operationId: "addMember",
    summary: "Share the project with a user",
    description:
      "For the owner. Names the user by id, or by an e-mail address that the user has proved: by " +
      "a provider, or an invite to that address. A member gets the new role.",
    tags,
  },
};
const ending = {
  params: memberParams,
  response: {
    200: t.Object({ ok: t.Literal(true) }),
    ...projectErrors,
    409: errorBody,
  },
  detail: {
    operationId: "removeMember",
    summary: "End a membership",
    description: "The owner ends anybody's, a member their own.",
    tags,
  },
};

/** With whom a project is shared. */
export function createProjectMemberRoutes({ store }: ProjectMemberDeps, signedIn: SignedIn) {
  return new Elysia({ name: "project-members", normalize: false })
    .use(signedIn)
    .get(
      path,
      async ({ caller, params }) => {
        const members = await listMembers(store, { projectId: params.id, userId: caller.userId });
        return { members: members.map(describe) };
      },
      {
        params: projectParams,
        response: { 200: t.Object({ members: t.Array(memberBody) }), ...projectErrors },
        detail: {
          operationId: "listMembers",
          summary: "List the members",
          description: "The owner comes first.",
          tags,
        },
      },
    )
    .put(
      path,
      async ({ caller, params, body }) => {
        const who = { projectId: params.id, userId: caller.userId };
        const member = { user: userOf(body), role: body.role };
        return { member: describe(await putMember(store, who, member)) };
      },
      sharing,
    )
    .put(
      `${path}/:userId`,
      async ({ caller, params, body }) => {
        const who = { projectId: params.id, userId: caller.userId };
        const member = { user: { userId: params.userId }, role: body.role };
        return { member: describe(await putMember(store, who, member)) };
      },
      {
        params: memberParams,
        body: t.Object({ role: memberRole }, { additionalProperties: false }),
        response: { 200: t.Object({ member: memberBody }), ...errors },
        detail: {
          operationId: "setMemberRole",
          summary: "Share the project, or change a role",
          tags,
        },
      },
    )
    .delete(
      `${path}/:userId`,
      async ({ caller, params }) => {
        const who = { projectId: params.id, userId: caller.userId };
        await removeMember(store, who, params.userId);
        return { ok: true as const };
      },
      ending,
    );
}

function userOf({ email, user_id: userId }: typeof newMember.static) {
  if (email !== undefined && userId === undefined) return { email };
  if (userId !== undefined && email === undefined) return { userId };
  throw fieldError("email", "Expected either email or user_id");
}

function describe({ userId, email, name, role, createdAt }: Member) {
  return { user_id: userId, email, name, role, created_at: createdAt };
}
