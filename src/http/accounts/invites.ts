import { Type } from "@sinclair/typebox";
import { Elysia, t } from "elysia";
import { createInvite, listInvites, revokeInvite } from "../../accounts/invites.ts";
import { encodePlace } from "../../assets/page.ts";
import type { Store } from "../../db/store.ts";
import { AppError } from "../../errors.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { pageQuery, placeOf } from "../answer/page-query.ts";
import { errorBody } from "../answer/schemas.ts";
import { email } from "./account-schemas.ts";
import { refuseOthers } from "./administrators.ts";

export interface InviteRoutesDeps {
  readonly store: Store;
}

const dayMs = 86_400_000;
const listDefault = 100;
const inviteView = t.Object(
  {
    id: t.String(),
    email: t.Nullable(t.String()),
    created_at: t.Number(),
    expires_at: t.Number(),
    used_at: t.Nullable(t.Number()),
  },
  { title: "Invite" },
);
const validDays = Type.Integer({
  minimum: 1,
  maximum: 90,
  error: "Expected whole days from 1 to 90",
});
const listQuery = t.Object(pageQuery(listDefault), { additionalProperties: false });
const inviteList = t.Object({
  invites: t.Array(inviteView),
  next_cursor: t.Nullable(t.String({ description: "Null on the last page" })),
});
const ok = t.Object({ ok: t.Literal(true) });
const errors = { 401: errorBody, 403: errorBody, 429: errorBody };
const tags = ["Administration"];

/** `/api/admin/invites`: who may make an account where sign-ups are by invite. */
export function createInviteRoutes({ store }: InviteRoutesDeps, signedIn: SignedIn) {
  return (
    new Elysia({ name: "invites", normalize: false })
      .use(signedIn)
      // Before what they sent is validated.
      .derive(({ caller }) => {
        refuseOthers(caller);
        return {};
      })
      .get("/api/admin/invites", ({ query }) => answerList(store, query), {
        query: listQuery,
        response: { 200: inviteList, ...errors, 400: errorBody },
        detail: { operationId: "listInvites", summary: "Invites, newest first", tags },
      })
      .post(
        "/api/admin/invites",
        async ({ caller, body, status }) => {
          const validMs = (body.valid_days ?? 7) * dayMs;
          const input = { createdBy: caller.userId, email: body.email, validMs };
          const { token, view } = await store.write((tx) => createInvite(tx, input));
          return status(201, { token, ...view });
        },
        {
          body: t.Object(
            {
              email: t.Optional(email),
              valid_days: t.Optional(validDays),
            },
            { additionalProperties: false },
          ),
          response: {
            201: t.Object(
              { token: t.String({ description: "Shown this once." }), ...inviteView.properties },
              { title: "NewInvite" },
            ),
            ...{ ...errors, 400: errorBody, 409: errorBody },
          },
          detail: {
            operationId: "createInvite",
            summary: "Invite somebody to make an account",
            tags,
          },
        },
      )
      .delete(
        "/api/admin/invites/:id",
        async ({ params }) => {
          if (await store.write((tx) => revokeInvite(tx, params.id))) return { ok: true as const };
          throw new AppError("not_found", "not found");
        },
        {
          params: t.Object({
            id: t.String({ description: "The invite's id", examples: ["inv_k3x9a1q7m2zd"] }),
          }),
          response: { 200: ok, ...errors, 404: errorBody },
          detail: { operationId: "revokeInvite", summary: "Take an unused invite back", tags },
        },
      )
  );
}

async function answerList(
  store: Store,
  query: { readonly limit?: number; readonly cursor?: string },
) {
  const { limit = listDefault, cursor } = query;
  const after = placeOf(cursor);
  // One more than is shown tells whether there is a next page.
  const found = await listInvites(store, { limit: limit + 1, after });
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return {
    invites: shown,
    next_cursor: last ? encodePlace({ createdAt: last.created_at, id: last.id }) : null,
  };
}
