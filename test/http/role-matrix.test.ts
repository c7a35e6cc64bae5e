import { describe, expect, test } from "bun:test";
import document from "../../docs/openapi.json" with { type: "json" };
import { smallPicture } from "../support/small-picture.ts";
import { type RoleRow, roleTable } from "./role-table.ts";
import { absentTargets, addPeople, addTargets, type Role, roles, type Targets } from "./tenants.ts";
import { openTestServer } from "./test-server.ts";

const unlimited = {
  prepare: 1e6,
  regenerate: 1e6,
  deep_crawl: 1e6,
  webhooks_test: 1e6,
  other: 1e6,
};
const byAddress = { sign_in: 1e6, sign_up: 1e6, oauth: 1e6, wrong_keys: 1e6 };
const picture = await smallPicture();
const server = await openTestServer({
  config: { rateLimits: { ...unlimited, ...byAddress } },
  sourceBytes: { "https://acme.com/a.png": picture },
});
const people = await addPeople(server);
const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
  Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
);
const rows = Object.entries(roleTable);

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

async function ask(name: string, row: RoleRow, targets: Targets, role: Role): Promise<Answer> {
  const body = row.body?.(targets);
  const isForm = name === "POST /api/v1/upload";
  const json = { "Content-Type": "application/json" };
  const headers = { ...(body && !isForm ? json : {}), ...(await people.headersOf(role)) };
  const answer = await fetch(`${server.http.url}${row.path(targets)}`, {
    method: name.split(" ")[0] ?? "",
    headers,
    ...(body ? { body: isForm ? formOf() : JSON.stringify(body) } : {}),
  });
  const isStream = answer.headers.get("content-type") === "text/event-stream";
  if (isStream) await answer.body?.cancel();
  const { status, headers: answered } = answer;
  return { status, headers: answered, body: isStream ? "" : await answer.text() };
}

function formOf(): FormData {
  const form = new FormData();
  form.append("file", new Blob([picture], { type: "image/png" }), "a.png");
  return form;
}

test("the table has a row for every route, and for nothing else", () => {
  expect(Object.keys(roleTable).sort()).toEqual(routes.sort());
});

describe("every route by every role", () => {
  test.each(rows)("%s", async (name, row) => {
    let targets = await addTargets(server, people);
    const order = roles.map((role, index) => [role, row.statuses[index] ?? 0] as const);
    // The refused first: what is allowed changes what they would be refused for.
    for (const [role, expected] of order.toSorted(([, a], [, b]) => b - a)) {
      const { status, body } = await ask(name, row, targets, role);
      expect([role, status, status === expected ? "" : body]).toEqual([role, expected, ""]);
      if (status < 400 && !name.startsWith("GET")) targets = await addTargets(server, people);
    }
  });
});

describe("another's and none at all are the same to an outsider", async () => {
  const shared = await addTargets(server, people);
  const absent = absentTargets();
  const namesOf = ({ path, body }: RoleRow, targets: Targets) =>
    JSON.stringify([path(targets), body?.(targets)]);
  // What anybody may read is opened by its address, or by the project's key.
  const naming = rows.filter(
    ([, row]) => row.statuses[0] === 401 && namesOf(row, shared) !== namesOf(row, absent),
  );

  test.each(naming)("%s", async (name, row) => {
    const [foreign, none] = [
      await ask(name, row, shared, "outsider"),
      await ask(name, row, absent, "outsider"),
    ];
    expect(seen(foreign)).toEqual(seen(none));
    expect(foreign.body).not.toContain(people.owner);
  });

  test("so is an asset of another project to who has a key", async () => {
    const own = await addTargets(server, people);
    const events = (key: string, asset: string) =>
      server.get(`/v1/${key}/events/${asset}`).then(({ status, body }) => [status, `${body}`]);
    const foreign = await events(own.key, shared.pending);
    expect(foreign).toEqual([404, '{"error":"not found"}']);
    expect(await events(own.key, absent.pending)).toEqual(foreign);
    expect(await events(own.key, "%2e%2e%2fx")).toEqual(await events(own.key, absent.pending));
    expect(await events(absent.key, shared.pending)).toEqual([
      403,
      '{"error":"unknown project key"}',
    ]);
  });

  test("and a generation of another asset to who has both", async () => {
    const headers = await people.headersOf("owner");
    const other = await addTargets(server, people);
    const activate = (generation: string) =>
      fetch(`${server.http.url}/api/assets/${shared.ready}/generations/${generation}/activate`, {
        method: "POST",
        headers,
      });
    const foreign = await activate(other.generation);
    const none = await activate(absent.generation);
    expect([foreign.status, await foreign.text()]).toEqual([none.status, await none.text()]);
    expect(foreign.status).toBe(404);
  });
});

describe("a list holds the caller's own", async () => {
  await addTargets(server, people);
  const lists: readonly string[] = ["/api/projects", "/api/keys", "/api/v1/uploads"];

  test.each(lists)("%s is empty for an outsider, and full for the owner", async (path) => {
    const fresh = await openList(path, "outsider");
    const owned = await openList(path, "owner");
    const ofOwner = new Set(owned.map((item) => idOf(item)));
    expect(owned.length).toBeGreaterThan(0);
    expect(fresh.filter((item) => ofOwner.has(idOf(item)))).toEqual([]);
  });

  test("and what a member is shown names no secret of the owner's", async () => {
    const { project } = await addTargets(server, people);
    const answer = await fetch(`${server.http.url}/api/projects/${project}/proxy-config`, {
      headers: await people.headersOf("viewer"),
    });
    expect(await answer.json()).not.toHaveProperty("signing_secret");
  });
});

async function openList(path: string, role: Role): Promise<Record<string, unknown>[]> {
  const answer = await fetch(`${server.http.url}${path}`, {
    headers: await people.headersOf(role),
  });
  const [list] = Object.values((await answer.json()) as Record<string, unknown>);
  return list as Record<string, unknown>[];
}

function idOf(item: Record<string, unknown>): unknown {
  return item["id"] ?? item["key"];
}

/** What an answer tells, without what differs from one to the next. */
function seen({ status, headers, body }: Answer) {
  const told = [...headers].filter(([name]) => !["x-request-id", "date"].includes(name));
  return { status, body, headers: told };
}
