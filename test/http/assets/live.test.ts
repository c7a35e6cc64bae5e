import { expect, test } from "bun:test";
import { deleteAsset } from "../../../src/assets/remove.ts";
import { readEventSource } from "../../support/event-source.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { addUser, keyHeaders } from "../../support/sign-in.ts";
import { until } from "../../support/until.ts";
import { finishClip, openTestServer } from "../test-server.ts";

const clock = createManualClock();
const server = await openTestServer({ clock });
const owner = await keyHeaders(server.store, server.ownerId);
const activity = `/api/projects/${server.projectId}/activity`;

async function start(seed: number) {
  const { headers } = await server.get(server.url("acme.com/a.png.mp4", `?seed=${seed}`));
  return headers["x-motioness-asset-id"] ?? "";
}

async function open(path: string, headers: Record<string, string> = owner) {
  const answer = await fetch(`${server.http.url}${path}`, { headers });
  if (!answer.body) throw new Error(`${answer.status}`);
  return { answer, reader: readEventSource(answer.body) };
}

test("an asset's stream tells its members the same as the public one", async () => {
  const id = await start(1);
  const { answer, reader } = await open(`/api/assets/${id}/events`);
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  const shared = await open(`/v1/${server.proxyKey}/events/${id}`, {});
  await finishClip(server, id);
  await Promise.all([reader.ended, shared.reader.ended]);
  expect(reader.events).toEqual(shared.reader.events);
  expect(reader.events.at(-1)?.type).toBe("ready");
  const cursor = reader.events.at(-1)?.lastEventId ?? "";
  const again = await fetch(`${server.http.url}/api/assets/${id}/events`, {
    headers: { ...owner, "Last-Event-ID": cursor },
  });
  expect(again.status).toBe(204);
});

test("a project's activity begins now, and a reconnect loses nothing of any asset", async () => {
  await start(2);
  const { reader } = await open(activity);
  await until(() => server.http.streamCount() > 0);
  expect(reader.events).toEqual([]);
  await reader.leave();
  // It has seen no event yet, and still knows where it stood.
  const stood = await newestId();
  const [a, b] = [await start(3), await start(4)];
  await finishClip(server, a);
  const second = await open(activity, { ...owner, "Last-Event-ID": String(stood) });
  await finishClip(server, b);
  const types = () => second.reader.events.map(({ type, data }) => [type, idOf(data)]);
  await until(() => types().filter(([type]) => type === "ready").length === 2);
  expect(types().filter(([type]) => type === "queued")).toEqual([
    ["queued", a],
    ["queued", b],
  ]);
  const ids = second.reader.events.map(({ lastEventId }) => Number(lastEventId));
  expect(ids).toEqual(ids.toSorted((x, y) => x - y));
  expect(new Set(ids).size).toBe(ids.length);
  await second.reader.leave();
});

test("the place to go on from is told before the first event", async () => {
  const answer = await fetch(`${server.http.url}${activity}`, { headers: owner });
  const reader = answer.body?.getReader();
  let text = "";
  while (!/^id: /m.test(text)) text += new TextDecoder().decode((await reader?.read())?.value);
  expect(text).toContain(`id: ${await newestId()}\n\n`);
  await reader?.cancel();
});

test("who loses the right to read is cut off within a heartbeat [E23]", async () => {
  const userId = await addUser(server.store);
  await server.store.write((tx) =>
    tx.query
      .insertInto("project_members")
      .values({ project_id: server.projectId, user_id: userId, role: "viewer", created_at: 1 })
      .execute(),
  );
  const id = await start(5);
  const member = await keyHeaders(server.store, userId);
  const [theirs, ours] = [
    await open(`/api/assets/${id}/events`, member),
    await open(`/api/assets/${id}/events`),
  ];
  await until(() => theirs.reader.events.length > 0 && ours.reader.events.length > 0);
  await server.store.write((tx) =>
    tx.query.deleteFrom("project_members").where("user_id", "=", userId).execute(),
  );
  clock.advance(15_000);
  await theirs.reader.ended;
  expect(ours.reader.state).toBe("open");
  expect((await fetch(`${server.http.url}${activity}`, { headers: member })).status).toBe(404);
  await ours.reader.leave();
});

test("the streams are for members only, and a deleted asset ends with a reset [E12, E23]", async () => {
  const id = await start(6);
  for (const path of [`/api/assets/${id}/events`, activity]) {
    expect((await server.get(path)).status).toBe(401);
  }
  await finishClip(server, id);
  // A delivery that waits keeps the stream open.
  await server.store.write((tx) =>
    tx.query
      .insertInto("deliveries")
      .values({ ...delivery, project_id: server.projectId, asset_id: id })
      .execute(),
  );
  const { reader } = await open(`/api/assets/${id}/events`);
  await until(() => reader.events.length > 0);
  await deleteAsset(server, id);
  await reader.ended;
  expect(reader.events.at(-1)?.type).toBe("reset");
});

const delivery = {
  id: "dlv_1",
  event_id: "evt_1",
  event_type: "asset.completed",
  url: "https://example.com/hook",
  payload: "{}",
  status: "pending",
  attempt: 0,
  next_attempt_at: null,
  response_code: null,
  response_body_preview: null,
  created_at: 1,
  delivered_at: null,
};

async function newestId(): Promise<number> {
  const row = await server.store.read
    .selectFrom("events")
    .select("id")
    .orderBy("id", "desc")
    .executeTakeFirst();
  return row?.id ?? 0;
}

function idOf(data: string): unknown {
  return (JSON.parse(data) as Record<string, unknown>)["asset_id"];
}
