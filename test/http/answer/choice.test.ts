import { expect, test } from "bun:test";
import { Elysia, t } from "elysia";
import { choice } from "../../../src/http/answer/choice.ts";

test("a word that was left out stays out, and is missed where it is needed", async () => {
  const word = choice(["one", "two"]);
  const app = new Elysia({ normalize: false })
    .post("/may", ({ body }) => Object.keys(body), { body: t.Object({ word: t.Optional(word) }) })
    .post("/must", ({ body }) => body, { body: t.Object({ word }) });
  const post = (path: string, body: object) =>
    app.handle(
      new Request(`http://localhost${path}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    );
  expect(await (await post("/may", {})).json()).toEqual([]);
  expect((await post("/must", {})).status).toBe(422);
  expect((await post("/must", { word: "three" })).status).toBe(422);
  expect(await (await post("/must", { word: "two" })).json()).toEqual({ word: "two" });
});
