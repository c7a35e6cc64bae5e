import { type AnyElysia, Elysia } from "elysia";
import { type AdmitDeps, createAdmit, createSignedIn } from "./access/signed-in.ts";
import { type AccountRoutesDeps, createAccountRoutes } from "./accounts/accounts.ts";
import { frameworkError } from "./answer/framework-error.ts";
import { answerUnrouted } from "./answer/unrouted.ts";
import { type AssetsApiDeps, createAssetsApi } from "./assets/assets-api.ts";
import { createHealthRoutes, type HealthDeps } from "./health.ts";
import { createDemoRoutes, type DemoDeps } from "./page/demo.ts";
import { createPageRoutes, type PageDeps } from "./page/page.ts";
import { createProjectBrandRoutes, type ProjectBrandDeps } from "./projects/project-brand.ts";
import { createProjectConfigRoutes, type ProjectConfigDeps } from "./projects/project-config.ts";
import { createProjectMemberRoutes } from "./projects/project-members.ts";
import { createProjectRoutes } from "./projects/projects.ts";
import { createEventRoutes, type EventRoutesDeps } from "./proxy/events.ts";
import { createFileRoutes, type FilesDeps } from "./proxy/files.ts";
import { createReferenceRoutes, type ReferenceDeps } from "./reference/routes.ts";
import type { ContextOf } from "./request/contexts.ts";
import { readJsonBody } from "./request/json-body.ts";
import { refuseNul } from "./request/target.ts";
import { createWebhookRoutes, type WebhookRoutesDeps } from "./webhooks/webhooks.ts";

export interface RoutesDeps {
  readonly contextOf: ContextOf;
  /** What `signedIn` stands on. */
  readonly signedIn: Omit<AdmitDeps, "contextOf">;
  readonly accounts: AccountRoutesDeps;
  readonly projects: ProjectConfigDeps & ProjectBrandDeps;
  readonly health: HealthDeps;
  readonly files: FilesDeps;
  readonly events: EventRoutesDeps;
  readonly page: PageDeps;
  readonly demo: DemoDeps;
  readonly assets: AssetsApiDeps;
  readonly webhooks: WebhookRoutesDeps;
  readonly reference: Omit<ReferenceDeps, "app">;
}

/** Routes that read their body as it comes. */
const readingThemselves: readonly string[] = ["/api/v1/upload"];

/** Routes whose body is read from whoever sends it. Everybody else's is read once they are known. */
const openToAll: readonly string[] = [
  "/api/user/signup",
  "/api/user/setup",
  "/api/user/signin",
  "/api/user/signout",
];

/**
 * Everything but the proxy URL: one instance a resource, composed here and nowhere else. The
 * framework never sees HEAD, for it would count the bytes of whatever body it is given.
 */
export function createRoutes(deps: RoutesDeps): (request: Request) => Promise<Response> {
  const { contextOf } = deps;
  const admit = createAdmit({ ...deps.signedIn, contextOf });
  const signedIn = createSignedIn({ contextOf, admit });
  // Unknown fields are refused, not dropped: the framework goes by what the outermost one says.
  const described = (): Pick<AnyElysia, "routes"> => app;
  const app = new Elysia({ strictPath: true, normalize: false })
    .onParse(async ({ request, route }) => {
      const isOpen = !route.startsWith("/api/") || openToAll.includes(route);
      if (!isOpen) await admit(request, route);
      // With undefined the framework would go on to its own parsers.
      return readingThemselves.includes(route) ? null : readJsonBody(request);
    })
    // Before the routes: the framework applies a hook only to what is declared after it.
    .onError(({ code, error, request }) => {
      const context = deps.contextOf(request);
      if (code === "NOT_FOUND") return answerUnrouted(app.routes, context);
      return context.refuse(frameworkError(code, error));
    })
    .use(createHealthRoutes(deps.health))
    .use(createFileRoutes(deps.files))
    .use(createEventRoutes(deps.events))
    .use(createPageRoutes(deps.page))
    .use(createDemoRoutes(deps.demo))
    .use(createReferenceRoutes({ ...deps.reference, app: described }))
    .use(createAssetsApi(deps.assets, signedIn))
    .use(createAccountRoutes(deps.accounts, signedIn))
    .use(createProjectRoutes(deps.projects, signedIn))
    .use(createProjectConfigRoutes(deps.projects, signedIn))
    .use(createProjectMemberRoutes(deps.projects, signedIn))
    .use(createProjectBrandRoutes(deps.projects, signedIn))
    .use(createWebhookRoutes(deps.webhooks, signedIn));
  return async (request) => {
    const { target } = contextOf(request);
    refuseNul(target);
    const response = await app.handle(request);
    if (target.startsWith("/api/")) keepPrivate(response.headers);
    return response;
  };
}

/** What the API says is for one caller, and may hold a secret that is shown once. */
function keepPrivate(headers: Headers): void {
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
}
