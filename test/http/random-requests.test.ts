import { expect, test } from "bun:test";
import fc from "fast-check";
import kept from "../../docs/openapi.json" with { type: "json" };
import type { OpenApiDocument } from "../../src/http/reference/open-api.ts";
import { inlineSchemas } from "../support/inline-schemas.ts";
import { smallPicture } from "../support/small-picture.ts";
import { fillIn, type RandomRequest, randomRequests } from "./random-request.ts";
import { addPeople, addTargets, type People, type Role, roles, type Targets } from "./tenants.ts";
import { openTestServer } from "./test-server.ts";

const seed = 20261121;
const numRuns = 10_000;
/** What is deleted or signed out is there again after so many. */
const roundLength = 200;
const inFlight = 24;

const many = 1e9;
const rateLimits = {
  ...{ prepare: many, regenerate: many, deep_crawl: many, webhooks_test: many, other: many },
  ...{ sign_in: many, sign_up: many, oauth: many, wrong_keys: many },
};
const picture = await smallPicture();
const server = await openTestServer({
  config: { rateLimits },
  sourceBytes: { "https://acme.com/a.png": picture },
});
const document = inlineSchemas(kept as unknown as OpenApiDocument);

/** Refusals with a status of ours that are foreseen, and say why. */
const foreseen: Readonly<Record<number, RegExp>> = {
  502: /^(last generation failed|the source cannot be fetched)/,
  503: /^too many uploads at once/,
};

test("random requests get no answer outside the document, and none that is our fault", async () => {
  const people = await addPeople(server);
  const requests = fc.sample(randomRequests(document), { seed, numRuns });
  const problems: string[] = [];
  const taken = new Set<string>();
  for (let start = 0; start < requests.length; start += roundLength) {
    const targets = await addTargets(server, people);
    const headers = await allHeaders(people);
    const round = requests.slice(start, start + roundLength).values();
    const work = async () => {
      for (const request of round) {
        const outcome = await send(request, targets, headers[request.role] ?? {});
        if (typeof outcome === "string") problems.push(outcome);
        else if (outcome < 400 && request.route.startsWith(`${request.method} `)) {
          taken.add(request.route);
        }
      }
    };
    await Promise.all(Array.from({ length: inFlight }, work));
  }
  const logged = server.log.lines.filter(({ level }) => level === "error");
  expect({ seed, problems: problems.slice(0, 5), count: problems.length }).toEqual({
    ...{ seed, problems: [], count: 0 },
  });
  expect(logged).toEqual([]);
  // Otherwise these were not the document's requests, but noise.
  const routes = new Set(requests.map(({ route }) => route));
  expect([...routes].filter((route) => !taken.has(route)).sort()).toEqual(unreachable);
}, 60_000);

/** Nothing that is made here can be taken by these. */
const unreachable = [
  "GET /api/demo",
  "GET /api/user/oauth/callback/{provider}",
  "GET /api/user/oauth/{provider}",
  "POST /api/user/setup",
  "POST /api/user/signin",
];

async function allHeaders(people: People): Promise<Partial<Record<Role, Record<string, string>>>> {
  const entries = roles.map(async (role) => [role, await people.headersOf(role)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** @returns the status, or what is wrong with the answer. The watcher checks the document. */
async function send(
  request: RandomRequest,
  targets: Targets,
  identity: Readonly<Record<string, string>>,
): Promise<number | string> {
  const { method, headers } = request;
  const target = fillIn(request.target, targets);
  const told = `${method} ${target} as ${request.role} ${JSON.stringify(headers)}`;
  const body = ["GET", "HEAD"].includes(method) ? undefined : bodyOf(request, targets);
  const shown = `${told} ${String(body).slice(0, 500)}`;
  try {
    const answer = await fetch(`${server.http.url}${target}`, {
      method,
      headers: { ...identity, ...headers },
      redirect: "manual",
      ...(body === undefined ? {} : { body }),
    });
    const problem = await problemWith(answer);
    return problem === undefined ? answer.status : `${shown}\n${problem}`;
  } catch (thrown) {
    return `${shown}\n${thrown}`;
  }
}

function bodyOf({ body }: RandomRequest, targets: Targets): string | FormData | undefined {
  if (body !== "picture") return body === undefined ? undefined : fillIn(body, targets);
  const form = new FormData();
  form.append("file", new Blob([picture], { type: "image/png" }), "a.png");
  return form;
}

async function problemWith(answer: Response): Promise<string | undefined> {
  const { status, headers } = answer;
  if (headers.get("content-type") === "text/event-stream") await answer.body?.cancel();
  if (!headers.has("x-request-id")) return `${status} without X-Request-Id`;
  if (status < 500) {
    if (!answer.bodyUsed) await answer.arrayBuffer();
    return undefined;
  }
  const text = await answer.text();
  if (text === "") return undefined; // HEAD: the status is in the document
  const { error } = JSON.parse(text) as { readonly error: string };
  return foreseen[status]?.test(error) ? undefined : `${status} ${text}`;
}
