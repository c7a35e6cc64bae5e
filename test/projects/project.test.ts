import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { openStore } from "../../src/db/open-store.ts";
import { ensureDemoProject } from "../../src/projects/demo.ts";
import {
  createProjectId,
  createProxyKey,
  findProject,
  findProjectByKey,
} from "../../src/projects/project.ts";
import { findProxyProject } from "../../src/projects/proxy-project.ts";
import { createSealer } from "../../src/projects/seal.ts";
import { seededProjectId, seedProject } from "../support/seed-project.ts";
import { silentLog } from "../support/silent-log.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const folder = await openTemporaryDirectory();
const database = { kind: "sqlite", path: join(folder.path, "test.db") } as const;
const store = await openStore(database, { clock: systemClock, log: silentLog });
const sealer = createSealer("a server secret");
const proxyKey = await seedProject(store, {
  allowedOrigins: ["https://cdn.acme.com"],
  signingSecret: sealer.seal("signing-secret"),
});
afterAll(async () => {
  await store.close();
  await folder.close();
});

test("keys and ids have their documented forms, and no two are equal", () => {
  const keys = Array.from({ length: 100 }, createProxyKey);
  for (const key of keys) expect(key).toMatch(/^pk_[0-9A-Za-z]{24}$/);
  expect(new Set(keys).size).toBe(keys.length);
  expect(createProjectId()).toMatch(/^proj_[0-9A-Za-z]{16}$/);
});

test("a project's settings are read with their defaults, and its secret opened", async () => {
  expect(await findProxyProject({ store, sealer }, proxyKey)).toEqual({
    id: seededProjectId,
    ownerId: "usr_owner",
    proxyKey,
    allowedOrigins: ["https://cdn.acme.com"],
    signing: { secret: "signing-secret", previous: undefined },
    defaultMotion: "medium",
    defaultMode: "loop",
    defaultDurSeconds: 4,
    pendingMode: "json",
  });
});

test("the secret before a rotation is opened together with its end", async () => {
  await store.write((tx) =>
    tx.query
      .updateTable("projects")
      .set({
        previous_signing_secret: sealer.seal("old-secret"),
        previous_signing_secret_until: 123,
      })
      .where("id", "=", seededProjectId)
      .execute(),
  );
  const project = await findProxyProject({ store, sealer }, proxyKey);
  expect(project?.signing?.previous).toEqual({ secret: "old-secret", untilMs: 123 });
});

test("a deleted project is not found by its key, but still by its id", async () => {
  await store.write((tx) =>
    tx.query
      .updateTable("projects")
      .set({ deleted_at: tx.now })
      .where("id", "=", seededProjectId)
      .execute(),
  );
  expect(await findProjectByKey(store, proxyKey)).toBeUndefined();
  expect(await findProxyProject({ store, sealer }, proxyKey)).toBeUndefined();
  expect((await findProject(store.read, seededProjectId))?.id).toBe(seededProjectId);
});

test("the demo project allows no origin, and keeps its key from start to start", async () => {
  const first = await ensureDemoProject(store, systemClock);
  expect(await ensureDemoProject(store, systemClock)).toEqual(first);
  const project = await findProxyProject({ store, sealer }, first.proxyKey);
  expect(project).toMatchObject({ allowedOrigins: [], signing: undefined });
});
