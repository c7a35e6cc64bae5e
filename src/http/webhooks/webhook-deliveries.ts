import { Elysia, t } from "elysia";
import { encodePlace } from "../../assets/page.ts";
import type { Store } from "../../db/store.ts";
import { getProjectFor } from "../../projects/roles.ts";
import { type DeliveryStatus, getDelivery, listDeliveries } from "../../webhooks/deliveries.ts";
import { type RedeliverDeps, redeliver } from "../../webhooks/redeliver.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { pageQuery, placeOf } from "../answer/page-query.ts";
import { errorBody } from "../answer/schemas.ts";
import { projectErrors, projectParams } from "../projects/project-schemas.ts";
import {
  deliveryBody,
  deliverySummary,
  describeDelivery,
  statusChoice,
  summarizeDelivery,
} from "./webhook-schemas.ts";

const listDefault = 50;
const path = "/api/projects/:id/webhooks/deliveries";
const tags = ["Webhooks"];
const deliveryParams = t.Object({
  ...projectParams.properties,
  deliveryId: t.String({
    maxLength: 64,
    description: "The delivery's id, `dlv_…`",
    examples: ["dlv_01KAJ3V9X4Q7M2ZD5R8T6W1Y0B"],
  }),
});

const listing = {
  params: projectParams,
  query: t.Object(
    {
      status: t.Optional(statusChoice),
      ...pageQuery(listDefault),
    },
    { additionalProperties: false },
  ),
  response: {
    200: t.Object({
      deliveries: t.Array(deliverySummary),
      next_cursor: t.Nullable(t.String({ description: "Null on the last page" })),
    }),
    400: errorBody,
    ...projectErrors,
  },
  detail: {
    operationId: "listDeliveries",
    summary: "List deliveries",
    description: "Newest first. The last thousand of a project are kept.",
    tags,
  },
};
const getting = {
  params: deliveryParams,
  response: { 200: deliveryBody, ...projectErrors },
  detail: { operationId: "getDelivery", summary: "Get a delivery", tags },
};
const redelivering = {
  params: deliveryParams,
  response: {
    200: t.Object({
      delivery_id: t.String({ description: "Of the new delivery" }),
      status: statusChoice,
    }),
    409: errorBody,
    ...projectErrors,
  },
  detail: {
    operationId: "redeliver",
    summary: "Deliver again",
    description: "The same message, by its id too, as a new delivery with attempts of its own.",
    tags,
  },
};

/** What was sent to a project's endpoint, and what waits to be. */
export function createWebhookDeliveryRoutes(deps: RedeliverDeps, signedIn: SignedIn) {
  const { store } = deps;
  return new Elysia({ name: "webhook-deliveries", normalize: false })
    .use(signedIn)
    .get(
      path,
      async ({ caller, params, query }) => {
        const who = { projectId: params.id, userId: caller.userId };
        await getProjectFor(store.read, who, "viewer");
        return answerList(store, params.id, query);
      },
      listing,
    )
    .get(
      `${path}/:deliveryId`,
      async ({ caller, params: { id: projectId, deliveryId } }) => {
        await getProjectFor(store.read, { projectId, userId: caller.userId }, "viewer");
        return describeDelivery(await getDelivery(store.read, { projectId, deliveryId }));
      },
      getting,
    )
    .post(
      `${path}/:deliveryId/redeliver`,
      async ({ caller, params: { id: projectId, deliveryId } }) => {
        const who = { projectId, userId: caller.userId };
        const newId = await redeliver(deps, who, deliveryId);
        return { delivery_id: newId, status: "pending" as const };
      },
      redelivering,
    );
}

async function answerList(
  store: Store,
  projectId: string,
  query: {
    readonly status?: DeliveryStatus;
    readonly limit?: number;
    readonly cursor?: string;
  },
) {
  const { status, limit = listDefault, cursor } = query;
  const after = placeOf(cursor);
  // One more than is shown tells whether there is a next page.
  const filter = { projectId, status, after, limit: limit + 1 };
  const found = await listDeliveries(store.read, filter);
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return {
    deliveries: shown.map(summarizeDelivery),
    next_cursor: last ? encodePlace({ createdAt: last.created_at, id: last.id }) : null,
  };
}
