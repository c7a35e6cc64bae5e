import { expect, test } from "bun:test";
import { Elysia, t } from "elysia";
import { toAppError } from "../../../src/errors.ts";
import { frameworkError } from "../../../src/http/answer/framework-error.ts";

const app = new Elysia()
  .onError(({ code, error }) => {
    const { status, message, details } = toAppError(frameworkError(code, error));
    return Response.json({ error: message, ...details }, { status });
  })
  .get("/items/:id", () => "item", { params: t.Object({ id: t.String({ pattern: "^[a-f]+$" }) }) })
  .get("/broken", () => ({ count: "none" }) as unknown as { count: number }, {
    response: { 200: t.Object({ count: t.Integer() }) },
  })
  .post("/brands", () => "made", {
    body: t.Partial(
      t.Object({
        colour: t.Nullable(t.Object({ primary: t.String({ error: "Expected #rrggbb" }) })),
        limit: t.Nullable(t.Integer({ error: "Expected a whole number" })),
        scopes: t.Array(t.Union([t.Literal("read"), t.Literal("write")])),
        either: t.Union([t.String(), t.Boolean()]),
      }),
    ),
  })
  .post("/items", () => "made", { body: t.Object({ name: t.String(), count: t.Integer() }) });

const ask = async (path: string, body?: unknown) => {
  const init = {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
  };
  const response = await app.handle(
    new Request(`http://localhost${path}`, body === undefined ? {} : init),
  );
  return [response.status, await response.json()];
};

test("a path that could name nothing is not found", async () => {
  expect(await ask("/items/xyz")).toEqual([404, { error: "not found" }]);
});

test("the faults of a body are told by field", async () => {
  const [status, body] = (await ask("/items", { name: 1 })) as [number, Record<string, unknown>];
  expect([status, body["error"]]).toEqual([400, "Validation failed"]);
  expect(body["details"]).toMatchObject({
    fieldErrors: { name: [expect.any(String)], count: expect.any(Array) },
    formErrors: [],
  });
});

test.each([
  [{ colour: { primary: 1 } }, { colour: ["primary: Expected #rrggbb"] }],
  [{ colour: "red" }, { colour: ["Expected object"] }],
  [{ limit: "many" }, { limit: ["Expected a whole number"] }],
  [{ scopes: ["read", "all"] }, { scopes: ["1: Expected one of read, write"] }],
  [{ either: 5 }, { either: ["Expected union value"] }],
])("of %j is told what is wrong, and where", async (body, fieldErrors) => {
  expect(await ask("/brands", body)).toEqual([
    400,
    { error: "Validation failed", details: { fieldErrors, formErrors: [] } },
  ]);
});

test("a body that cannot be read is the caller's fault", async () => {
  const request = new Request("http://localhost/items", {
    method: "POST",
    body: "{",
    headers: { "Content-Type": "application/json" },
  });
  const response = await app.handle(request);
  expect([response.status, await response.json()]).toEqual([
    400,
    { error: "the body cannot be read" },
  ]);
});

test("an answer of ours that breaks its own promise is our fault", async () => {
  expect(await ask("/broken")).toEqual([500, { error: "internal error" }]);
});

test("what is none of the framework's is passed on", () => {
  const thrown = new Error("mine");
  expect(frameworkError("UNKNOWN", thrown)).toBe(thrown);
});
