import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createProjectEnd, deleteProject, projectEndJob } from "../../src/assets/project-end.ts";
import { getBrand, putBrand, recordCrawl, requestCrawl } from "../../src/brand/store.ts";
import type { Store, Topic } from "../../src/db/store.ts";
import { createProject, projectsMax } from "../../src/projects/create.ts";
import { demoProjectId, ensureDemoProject } from "../../src/projects/demo.ts";
import { rotateProxyKey, rotateSigningSecret } from "../../src/projects/keys.ts";
import { listProjects } from "../../src/projects/list.ts";
import { putMember } from "../../src/projects/members.ts";
import { insertProject } from "../../src/projects/project.ts";
import { updateProxyConfig } from "../../src/projects/proxy-config.ts";
import { findProxyProject } from "../../src/projects/proxy-project.ts";
import { createSealer } from "../../src/projects/seal.ts";
import { updateProject } from "../../src/projects/update.ts";
import { codeOf, errorOf } from "../support/app-error.ts";
import { createManualClock, type ManualClock } from "../support/manual-clock.ts";
import { addUser } from "../support/sign-in.ts";
import type { StorePlace } from "./store.ts";

/** What projects promise on every engine. */
export function projectContract(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`projects on ${name}`, () => {
    const sealer = createSealer("the secret of a server");
    let clock: ManualClock;
    let store: Store;
    let ownerId: string;
    let projectId: string;
    let woken: (Topic | undefined)[];
    beforeEach(async () => {
      clock = createManualClock();
      store = await (await createPlace()).open(clock);
      ownerId = await addUser(store, { email: "owner@example.com", name: "Owner" });
      projectId = await make("First");
      woken = [];
      store.subscribe((topic) => woken.push(topic));
    });
    afterEach(() => store.close());

    const make = async (projectName: string, owner = ownerId) =>
      (await createProject(store, owner, { name: projectName, websiteUrl: undefined })).project.id;
    const as = (userId: string) => ({ projectId, userId });
    const share = async (role: "viewer" | "editor") => {
      const userId = await addUser(store);
      await putMember(store, as(ownerId), { user: { userId }, role });
      return userId;
    };
    const proxied = async () => {
      const row = await store.read
        .selectFrom("projects")
        .select("proxy_key")
        .where("id", "=", projectId)
        .executeTakeFirstOrThrow();
      return findProxyProject({ store, sealer }, row.proxy_key);
    };
    const topic = (): Topic => `project:${projectId}`;

    test("a list has what is owned and what is shared, newest first, in pages", async () => {
      const otherId = await addUser(store);
      await make("Nobody else's", otherId);
      clock.advance(1000);
      const shared = await make("Shared", otherId);
      await putMember(
        store,
        { projectId: shared, userId: otherId },
        { user: { userId: ownerId }, role: "viewer" },
      );
      clock.advance(1000);
      await make("Second");
      const page = await listProjects(store, ownerId, { limit: 2, after: undefined });
      expect(page.map(({ project, role }) => [project.name, role])).toEqual([
        ["Second", "owner"],
        ["Shared", "viewer"],
      ]);
      const last = page[1]?.project;
      const after = { createdAt: last?.created_at ?? 0, id: last?.id ?? "" };
      const rest = await listProjects(store, ownerId, { limit: 2, after });
      expect(rest.map(({ project }) => project.name)).toEqual(["First"]);
    });

    test("projects made in the same millisecond are all listed", async () => {
      const ids = [projectId];
      for (let count = 0; count < 6; count += 1) ids.push(await make(`p${count}`));
      await store.write((tx) => tx.query.updateTable("projects").set({ created_at: 5 }).execute());
      const seen: string[] = [];
      for (let id = "~"; ; ) {
        const after = { createdAt: 5, id };
        const [found] = await listProjects(store, ownerId, { limit: 1, after });
        if (!found) break;
        seen.push(found.project.id);
        id = found.project.id;
      }
      expect(seen.toSorted()).toEqual(ids.toSorted());
    });

    test("an editor changes a project, but not what may be spent", async () => {
      const editor = as(await share("editor"));
      const { project } = await updateProject(store, editor, { name: "Renamed" });
      expect(project.name).toBe("Renamed");
      for (const changes of [
        { overageEnabled: true },
        { generationsPerDayMax: 5 },
        { generationsPerMonthMax: 5 },
      ]) {
        expect(await codeOf(updateProject(store, editor, changes))).toBe("forbidden");
      }
      // A form that is sent back as it was changes nothing.
      await updateProject(store, editor, { overageEnabled: false, generationsPerDayMax: null });
      const viewer = as(await share("viewer"));
      expect(await codeOf(updateProject(store, viewer, { name: "x" }))).toBe("forbidden");
      const outsider = as(await addUser(store));
      expect(await codeOf(updateProject(store, outsider, { name: "x" }))).toBe("not_found");
    });

    test("the proxy's configuration is changed in parts, and wakes the hot path", async () => {
      await updateProxyConfig({ store, sealer }, as(ownerId), {
        allowedOrigins: ["https://acme.com"],
        defaultMotion: "kinetic",
      });
      expect(woken).toContain(topic());
      woken.length = 0;
      await updateProxyConfig({ store, sealer }, as(ownerId), {});
      expect(woken).toEqual([]);
      await updateProxyConfig({ store, sealer }, as(ownerId), { pendingMode: "poster" });
      expect(await proxied()).toMatchObject({
        allowedOrigins: ["https://acme.com"],
        defaultMotion: "kinetic",
        defaultMode: "loop",
        pendingMode: "poster",
        signing: undefined,
      });
    });

    test("signing mints its secret once, and keeps it through off and on", async () => {
      const editor = as(await share("editor"));
      const config = (enableSigning: boolean, who = as(ownerId)) =>
        updateProxyConfig({ store, sealer }, who, { enableSigning });
      expect(await codeOf(config(true, editor))).toBe("forbidden");
      const { signingSecret } = await config(true);
      expect(signingSecret).toMatch(/^sgn_[0-9A-Za-z]{43}$/);
      expect((await proxied())?.signing?.secret).toBe(signingSecret);
      expect((await config(true, editor)).signingSecret).toBeUndefined();
      await config(false);
      expect((await proxied())?.signing).toBeUndefined();
      expect((await config(true)).signingSecret).toBeUndefined();
      expect((await proxied())?.signing?.secret).toBe(signingSecret);
      const rows = await store.read.selectFrom("projects").selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain(String(signingSecret));
    });

    test("a rotated proxy key is dead, and the next one lives", async () => {
      const before = (await proxied())?.proxyKey ?? "";
      const key = await rotateProxyKey(store, as(ownerId));
      expect(woken).toContain(topic());
      expect(await findProxyProject({ store, sealer }, before)).toBeUndefined();
      expect((await findProxyProject({ store, sealer }, key))?.id).toBe(projectId);
      expect(await codeOf(rotateProxyKey(store, as(await share("editor"))))).toBe("forbidden");
    });

    test("a rotated signing secret stays good for its overlap, and not without one", async () => {
      const deps = { store, sealer };
      const { signingSecret } = await updateProxyConfig(deps, as(ownerId), { enableSigning: true });
      const second = await rotateSigningSecret(deps, as(ownerId), 60);
      expect((await proxied())?.signing).toMatchObject({
        secret: second,
        previous: { secret: signingSecret },
      });
      const untilMs = (await proxied())?.signing?.previous?.untilMs ?? 0;
      expect(Math.abs(untilMs - clock.now() - 60_000)).toBeLessThan(5000);
      const third = await rotateSigningSecret(deps, as(ownerId), 0);
      expect((await proxied())?.signing).toEqual({ secret: third, previous: undefined });
    });

    test("a user owns a thousand projects at most, and may make another for one deleted", async () => {
      await store.write(async (tx) => {
        for (let count = 1; count < projectsMax; count += 1) {
          const id = `proj_${count}`;
          const project = { id, ownerId, name: id, proxyKey: `pk_${count}`, allowedOrigins: [] };
          await insertProject(tx, project);
        }
      });
      expect(await errorOf(make("One more"))).toMatchObject({
        code: "conflict",
        message: "you own 1000 projects already: delete one first",
      });
      await make("Somebody else's", await addUser(store));
      await deleteProject(store, as(ownerId));
      const both = await Promise.allSettled([make("One more"), make("And another")]);
      expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    });

    test("a brand is changed in parts; what is null goes", async () => {
      const editor = as(await share("editor"));
      await putBrand(store, editor, { brandName: "Acme", colors: { primary: "#112233" } });
      await putBrand(store, editor, { colors: { accent: "#445566" }, logoUrl: "https://a.co/x" });
      const { brand } = await putBrand(store, editor, { logoUrl: null });
      expect(brand).toEqual({
        brandName: "Acme",
        colors: { primary: "#112233", accent: "#445566" },
      });
      expect((await getBrand(store, as(await share("viewer")))).brand).toEqual(brand);
    });

    test("changes of a brand at once are all kept", async () => {
      const roles = ["primary", "secondary", "accent", "background", "foreground"] as const;
      await Promise.all(
        roles.map((role) => putBrand(store, as(ownerId), { colors: { [role]: "#123456" } })),
      );
      const { brand } = await getBrand(store, as(ownerId));
      expect(Object.keys(brand?.colors ?? {}).toSorted()).toEqual([...roles].toSorted());
    });

    test("a crawl is recorded once, and not when a later one was asked for", async () => {
      await putBrand(store, as(ownerId), { brandName: "Typed", logoUrl: "https://a.co/x" });
      await requestCrawl(store, as(ownerId), { id: "one", url: "https://one.example/" });
      await requestCrawl(store, as(ownerId), { id: "two", url: "https://two.example/" });
      const record = (id: string, brandName: string) =>
        store.write((tx) =>
          recordCrawl(tx, projectId, id, { status: "done", brand: { brandName }, pages: 3 }),
        );
      await record("one", "Too late");
      expect((await getBrand(store, as(ownerId))).crawl?.status).toBe("crawling");
      await record("two", "Found");
      await record("two", "Twice");
      const { brand, crawl } = await getBrand(store, as(ownerId));
      expect(brand).toEqual({ brandName: "Found", logoUrl: "https://a.co/x" });
      expect(crawl).toMatchObject({ id: "two", status: "done", pages: 3 });
      const jobs = await store.read.selectFrom("jobs").select(["kind", "payload"]).execute();
      expect(jobs.map(({ payload }) => JSON.parse(payload))).toEqual([
        { id: "two", url: "https://two.example/" },
      ]);
    });

    test("a deleted project is nobody's, and leaves a job to end what runs", async () => {
      const editor = await share("editor");
      const key = (await proxied())?.proxyKey ?? "";
      expect(await codeOf(deleteProject(store, as(editor)))).toBe("forbidden");
      await deleteProject(store, as(ownerId));
      expect(woken).toContain(topic());
      expect(await findProxyProject({ store, sealer }, key)).toBeUndefined();
      expect(await listProjects(store, ownerId, { limit: 9, after: undefined })).toEqual([]);
      for (const userId of [ownerId, editor]) {
        const error = await errorOf(deleteProject(store, as(userId)));
        expect([error.code, error.message]).toEqual(["not_found", "Project not found"]);
      }
      const [job] = await store.read.selectFrom("jobs").selectAll().execute();
      expect([job?.kind, job?.subject]).toEqual([projectEndJob, projectId]);
      const claimed = { ...job, worker: "test" } as Parameters<
        ReturnType<typeof createProjectEnd>["run"]
      >[0];
      const handler = createProjectEnd({ store, clock });
      expect(await handler.run(claimed, new AbortController().signal)).toEqual({ state: "done" });
      expect(await handler.exhausted(claimed)).toEqual({ state: "done" });
    });

    test("the demo's project keeps its key, and stays", async () => {
      const { proxyKey } = await ensureDemoProject(store, clock);
      const visitor = { projectId: demoProjectId, userId: "usr_demo" };
      expect(await codeOf(deleteProject(store, visitor))).toBe("forbidden");
      expect(await codeOf(rotateProxyKey(store, visitor))).toBe("forbidden");
      expect(await findProxyProject({ store, sealer }, proxyKey)).toBeDefined();
      const user = { user: { userId: "usr_demo" }, role: "viewer" } as const;
      expect(await codeOf(putMember(store, as(ownerId), user))).toBe("not_found");
    });
  });
}
