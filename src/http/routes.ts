import { type AnyElysia, Elysia } from "elysia";
import { type AccountRoutesDeps, createAccountRoutes } from "./accounts.ts";
import { type AssetsApiDeps, createAssetsApi } from "./assets-api.ts";
import type { ContextOf } from "./contexts.ts";
import { createDemoRoutes, type DemoDeps } from "./demo.ts";
import { createEventRoutes, type EventRoutesDeps } from "./events.ts";
import { createFileRoutes, type FilesDeps } from "./files.ts";
import { frameworkError } from "./framework-error.ts";
import { createHealthRoutes, type HealthDeps } from "./health.ts";
import { readJsonBody } from "./json-body.ts";
import { createPageRoutes, type PageDeps } from "./page.ts";
import { createProjectBrandRoutes, type ProjectBrandDeps } from "./project-brand.ts";
import { createProjectConfigRoutes, type ProjectConfigDeps } from "./project-config.ts";
import { createProjectMemberRoutes } from "./project-members.ts";
import { createProjectRoutes } from "./projects.ts";
import { createReferenceRoutes, type ReferenceDeps } from "./reference/routes.ts";
import { createSignedIn, type SignedInDeps } from "./signed-in.ts";
import { answerUnrouted } from "./unrouted.ts";

export interface RoutesDeps {
  readonly contextOf: ContextOf;
  /** What `signedIn` stands on. */
  readonly signedIn: Omit<SignedInDeps, "contextOf">;
  readonly accounts: AccountRoutesDeps;
  readonly projects: ProjectConfigDeps & ProjectBrandDeps;
  readonly health: HealthDeps;
  readonly files: FilesDeps;
  readonly events: EventRoutesDeps;
  readonly page: PageDeps;
  readonly demo: DemoDeps;
  readonly assets: AssetsApiDeps;
  readonly reference: Omit<ReferenceDeps, "app">;
}

/** Routes that read their body as it comes. */
const readingThemselves: readonly string[] = ["/api/v1/upload"];

/**
 * Everything but the proxy URL: one instance a resource, composed here and nowhere else. The
 * framework never sees HEAD, for it would count the bytes of whatever body it is given.
 */
export function createRoutes(deps: RoutesDeps): (request: Request) => Promise<Response> {
  const signedIn = createSignedIn({ ...deps.signedIn, contextOf: deps.contextOf });
  // Unknown fields are refused, not dropped: the framework goes by what the outermost one says.
  const described = (): Pick<AnyElysia, "routes"> => app;
  const app = new Elysia({ strictPath: true, normalize: false })
    .onParse(({ request, route }) =>
      // With undefined the framework would go on to its own parsers.
      readingThemselves.includes(route) ? null : readJsonBody(request),
    )
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
    .use(createProjectBrandRoutes(deps.projects, signedIn));
  return async (request) => app.handle(request);
}
