import { Elysia, t } from "elysia";
import { type BrandState, getBrand, putBrand, requestCrawl } from "../../brand/store.ts";
import type { Store } from "../../db/store.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { choice } from "../answer/choice.ts";
import { fieldError } from "../answer/field-error.ts";
import { errorBody } from "../answer/schemas.ts";
import { brandChanges, brandContext } from "./brand-schemas.ts";
import { describeBrand, projectErrors, projectParams } from "./project-schemas.ts";

export interface ProjectBrandDeps {
  readonly store: Store;
  readonly createId: () => string;
}

const crawlBody = t.Object(
  {
    url: t.String(),
    status: choice(["crawling", "done", "failed"]),
    pages: t.Nullable(t.Integer({ description: "How many were read" })),
    refined: t.Boolean({ description: "Whether a language model has gone over what was found" }),
    error: t.Nullable(t.String({ description: "`Brand detection failed`" })),
    detail: t.Nullable(t.String({ description: "Why it failed, or was not refined" })),
    started_at: t.Integer({ description: "Unix milliseconds" }),
    ended_at: t.Nullable(t.Integer({ description: "Unix milliseconds" })),
  },
  { description: "The last crawl" },
);
const brandAnswer = t.Object({
  brand: t.Nullable(brandContext),
  crawl: t.Nullable(crawlBody),
});
const crawlRequest = t.Object(
  {
    url: t.String({
      maxLength: 2048,
      pattern: "^https?://[^\\s/]+",
      error: "Expected an http or https URL",
    }),
  },
  { additionalProperties: false, examples: [{ url: "https://acme.com" }] },
);
const path = "/api/projects/:id/brand";
const tags = ["Projects"];
const reading = {
  params: projectParams,
  response: { 200: brandAnswer, ...projectErrors },
  detail: {
    operationId: "getBrand",
    summary: "Get the brand, and how the last crawl went",
    tags,
  },
};

/** A project's brand, and the crawl that fills it. */
export function createProjectBrandRoutes(deps: ProjectBrandDeps, signedIn: SignedIn) {
  const { store, createId } = deps;
  return new Elysia({ name: "project-brand", normalize: false })
    .use(signedIn)
    .get(
      path,
      async ({ caller, params }) =>
        describe(await getBrand(store, { projectId: params.id, userId: caller.userId })),
      reading,
    )
    .put(
      path,
      async ({ caller, params, body }) =>
        describe(await putBrand(store, { projectId: params.id, userId: caller.userId }, body)),
      {
        params: projectParams,
        body: brandChanges,
        response: { 200: brandAnswer, 400: errorBody, ...projectErrors },
        detail: {
          operationId: "updateBrand",
          summary: "Change the brand",
          description: "Clips that exist stay as they are; regenerate one to have it follow.",
          tags,
        },
      },
    )
    .post(
      "/api/projects/:id/deep-crawl",
      async ({ caller, params, body, status }) => {
        const who = { projectId: params.id, userId: caller.userId };
        await requestCrawl(store, who, { id: createId(), url: addressOf(body.url) });
        return status(202, { status: "crawling" as const });
      },
      {
        params: projectParams,
        body: crawlRequest,
        response: {
          202: t.Object({ status: t.Literal("crawling") }),
          400: errorBody,
          ...projectErrors,
        },
        detail: {
          operationId: "crawlBrand",
          summary: "Fill the brand from a site",
          description:
            "Reads up to eight pages of the site's host within 45 seconds; with an Anthropic key, " +
            "Claude then goes over what was found. What it finds replaces what was there; " +
            "`GET …/brand` shows the status and the result.",
          tags,
        },
      },
    );
}

/** Where it leads is judged when it is read; here only what can be seen of it. */
function addressOf(text: string): string {
  const url = URL.parse(text);
  if (!url) throw fieldError("url", "Expected an http or https URL");
  if (url.username !== "" || url.password !== "") {
    throw fieldError("url", "The URL must not carry a user name or a password");
  }
  url.hash = "";
  return url.href;
}

function describe({ brand, crawl }: BrandState): typeof brandAnswer.static {
  return {
    brand: describeBrand(brand),
    crawl: crawl
      ? {
          url: crawl.url,
          status: crawl.status,
          pages: crawl.pages ?? null,
          refined: crawl.refined ?? false,
          error: crawl.status === "failed" ? "Brand detection failed" : null,
          detail: crawl.detail ?? null,
          started_at: crawl.startedAt,
          ended_at: crawl.endedAt ?? null,
        }
      : null,
  };
}
