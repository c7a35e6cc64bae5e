import { freePort, type Server, type ServerSpec, serverCore, startServer } from "./server.ts";

/** Seals the secrets of projects that are made before the server starts. */
export const serverSecret = "a-secret-for-benchmarks-that-guards-nothing";

export interface OursSpec {
  /** The sources under Bun, or the executable. */
  readonly program: readonly string[];
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Every core, where the number of cores is not part of the claim. */
  readonly isUnpinned?: boolean;
}

/** Starts this project's server on a data folder, without the demo. */
export function startOurs(spec: OursSpec): Promise<Server> {
  return startServer(prepareOurs(spec));
}

/** The server as it can then be started. */
export function prepareOurs(spec: OursSpec): ServerSpec {
  const port = freePort();
  return {
    name: "ours",
    command: [...spec.program, "serve"],
    port,
    readyPath: "/healthz",
    env: {
      MOTIONESS_LISTEN: `127.0.0.1:${port}`,
      MOTIONESS_DATA_DIR: spec.dataDir,
      MOTIONESS_SECRET: serverSecret,
      MOTIONESS_DEMO: "off",
      MOTIONESS_LOG_LEVEL: "error",
      // Sources come from servers of the benchmark itself.
      MOTIONESS_ALLOW_PRIVATE_SOURCES: "127.0.0.1/32",
      ...spec.env,
    },
    ...(spec.isUnpinned ? {} : { core: serverCore }),
  };
}
