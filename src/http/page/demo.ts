import { Elysia, t } from "elysia";
import { AppError } from "../../errors.ts";
import type { DemoAccess } from "../access/demo-access.ts";
import { errorBody } from "../answer/schemas.ts";
import { uploadUrl } from "../proxy/upload-url.ts";

/** A picture that comes with the server and is animated when it is first looked at. */
export interface DemoSample {
  readonly title: string;
  /** The storage key of its upload. */
  readonly key: string;
}

/** The project that visitors use without an account. */
export interface Demo {
  readonly proxyKey: string;
  readonly userId: string;
  readonly samples: readonly DemoSample[];
  /** Whether it is on: not once there is an administrator. */
  readonly isOn: () => Promise<boolean>;
}

export interface DemoDeps {
  readonly demo: Demo | undefined;
  readonly access: DemoAccess;
  readonly baseUrl: string;
}

/** `GET /api/demo`: the demo project's key and samples, for whoever sits at this machine. */
export function createDemoRoutes({ demo, access, baseUrl }: DemoDeps) {
  return new Elysia({ name: "demo" }).get(
    "/api/demo",
    async ({ request, set }) => {
      if (!demo || !(await access.isWelcome(request.headers))) {
        throw new AppError("not_found", "not found");
      }
      set.headers["cache-control"] = "no-store";
      return describe(demo, baseUrl);
    },
    {
      response: {
        200: t.Object({
          project_key: t.String(),
          samples: t.Array(
            t.Object({
              title: t.String(),
              src: t.String(),
              mp4_url: t.String(),
              poster_url: t.String(),
            }),
          ),
        }),
        404: errorBody,
      },
      detail: {
        operationId: "getDemo",
        summary: "The demo project, on a machine that has one",
        tags: ["Server"],
      },
    },
  );
}

function describe({ proxyKey, samples }: Demo, baseUrl: string) {
  const prefix = `${baseUrl}/v1/${proxyKey}/`;
  return {
    project_key: proxyKey,
    samples: samples.map(({ title, key }) => {
      const src = uploadUrl(baseUrl, key);
      const plain = src.replace(/^https?:\/\//, "");
      return { title, src, mp4_url: `${prefix}${plain}.mp4`, poster_url: `${prefix}${plain}.jpg` };
    }),
  };
}
