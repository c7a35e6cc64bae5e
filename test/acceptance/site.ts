import { expect } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServerProcess } from "../support/server-process.ts";
import { type Answer, type Client, cookieOf, createClient, signIn } from "./client.ts";
import { type Origin, openOrigin } from "./origin.ts";

const executable = process.env["MOTIONESS_TEST_EXECUTABLE"];
const admin = { email: "admin@example.com", password: "correct horse battery" };

/** For whoever opens a site before all steps: a busy machine starts a server slowly. */
export const startTimeoutMs = 60_000;

export interface Project {
  readonly id: string;
  readonly key: string;
  /** The proxy URL of one of the origin's pictures. */
  proxy(picture: string, query?: string): string;
}

/** A server that was started as its user starts it, its first admin, and a site with pictures. */
export async function openSite(environment: Readonly<Record<string, string>> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), "motioness-acceptance-"));
  const origin = openOrigin();
  const server = await startServerProcess({
    dataDir,
    ...(executable !== undefined && { command: [executable, "serve"] }),
    environment: {
      MOTIONESS_DEMO: "off",
      MOTIONESS_ALLOW_PRIVATE_SOURCES: "127.0.0.0/8",
      // Many may wait for sources that the origin holds back, and others still be made.
      MOTIONESS_CONCURRENCY: "48",
      MOTIONESS_ADMIN_EMAIL: admin.email,
      MOTIONESS_ADMIN_PASSWORD: admin.password,
      ...environment,
    },
  });
  const stop = async () => {
    await server.stop("SIGKILL");
    await origin.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  const cookie = await signIn(server.url, admin.email, admin.password).catch(async (cause) => {
    await stop();
    throw cause;
  });
  const owner = createClient(server.url, cookie);
  return {
    url: server.url,
    cookie,
    origin,
    owner,
    nobody: createClient(server.url),
    openProject: (as = owner) => openProject(as, origin),
    /** Somebody else with an account; the server has to be open to sign-ups. */
    signUp: (email: string) => signUp(server.url, email),
    /** How many generations of this month the owner has used. */
    used: async () => Number((await owner.get("/api/user/me")).json["aiGenerationsUsed"]),
    stop,
  };
}

export type Site = Awaited<ReturnType<typeof openSite>>;

async function signUp(url: string, email: string): Promise<Client> {
  const body = { email, name: "Somebody", password: admin.password };
  const answer = await createClient(url).post("/api/user/signup", body);
  expect(answer.status).toBe(201);
  return createClient(url, cookieOf(answer));
}

/** Makes a project that takes the origin's pictures. */
async function openProject(owner: Client, { origins, hostOf }: Origin): Promise<Project> {
  const { status, json } = await owner.post("/api/projects", { name: "Acceptance" });
  expect(status).toBe(201);
  const { id, proxy_key: key } = json["project"] as { readonly id: string; proxy_key: string };
  const config = await owner.put(`/api/projects/${id}/proxy-config`, { allowed_origins: origins });
  expect(config.status).toBe(200);
  return {
    id,
    key,
    proxy: (picture, query = "") => `/v1/${key}/${hostOf(picture)}/${picture}.mp4${query}`,
  };
}

/** The asset that an answer of the proxy is about. */
export function assetOf({ headers }: Pick<Answer, "headers">): string {
  const id = headers.get("x-motioness-asset-id") ?? "";
  expect(id).toMatch(/^[0-9a-f]{16}$/);
  return id;
}
