import { afterEach, describe, expect, test } from "bun:test";
import { createAnthropic } from "../../src/providers/anthropic.ts";
import type { Question } from "../../src/providers/language-model.ts";
import {
  type MessagesAnswer,
  message,
  messagesError,
  openMessagesServer,
} from "../support/messages-server.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const question: Question = {
  system: "Judge.",
  text: "A text.",
  schema: { type: "object", properties: {}, required: [], additionalProperties: false },
  tokensMax: 500,
};
const key = "sk-test-key";

function open(answer: MessagesAnswer) {
  const server = openMessagesServer(answer);
  closers.push(server.close);
  const config = { apiKey: key, baseUrl: server.url, model: "claude-haiku-5-5" };
  const pausesMs: number[] = [];
  // A pause is over as soon as it has begun.
  const schedule = (delayMs: number, task: () => void) => {
    pausesMs.push(delayMs);
    queueMicrotask(task);
    return () => {};
  };
  const model = createAnthropic({ clock: { now: () => 0, schedule } }, config);
  const ask = (signal = new AbortController().signal) => model.ask(question, signal);
  return { server, model, ask, pausesMs };
}

describe("Claude", () => {
  test("is asked for JSON of the schema, and its answer is read past its thoughts", async () => {
    const { server, ask } = open(() => message({ text: '{"tone":"calm"}' }));
    expect(await ask()).toEqual({ value: { tone: "calm" }, costUsd: 0.00015 });
    const [request] = server.requests;
    expect(request?.path).toBe("/v1/messages");
    expect(request?.headers.get("authorization") ?? request?.headers.get("x-api-key")).toContain(
      key,
    );
    expect(request?.body).toEqual({
      model: "claude-haiku-5-5",
      max_tokens: 500,
      system: "Judge.",
      messages: [{ role: "user", content: "A text." }],
      output_config: { format: { type: "json_schema", schema: question.schema } },
    });
  });

  test("never costs more than was said before", async () => {
    const { model } = open(() => message());
    // 62 bytes of system, text and schema at the least, 500 tokens of answer.
    expect(model.costUsdMax(question)).toBeGreaterThan((62 * 0.1 + 500 * 0.5) / 1e6);
    expect(model.costUsdMax(question)).toBeLessThan(0.001);
  });

  test.each([
    [429, "rate_limit_error"],
    [500, "api_error"],
    [503, "api_error"],
    [529, "overloaded_error"],
  ])("that answers %i is asked again, twice at most [P03, P04]", async (status, type) => {
    const fault = () => messagesError(status, type);
    const twice = open((_, count) => (count < 2 ? fault() : message()));
    expect(await twice.ask()).toMatchObject({ value: {} });
    expect(twice.pausesMs).toEqual([1000, 4000]);
    const always = open(fault);
    const answered = await always.ask();
    expect(always.server.requests).toHaveLength(3);
    expect(answered).toMatchObject({ costUsd: 0, error: { code: "unavailable", retry: true } });
    expect(messageOf(answered)).toBe(`Claude answered with status ${status}`);
  });

  test("is left alone for as long as it asks for, and no shorter than we would", async () => {
    const { ask, pausesMs } = open((_, count) =>
      count < 2
        ? messagesError(429, "rate_limit_error", { "retry-after": count === 0 ? "7" : "2" })
        : message(),
    );
    expect(await ask()).toMatchObject({ value: {} });
    expect(pausesMs).toEqual([7000, 4000]);
  });

  test("is not waited for between two attempts when it is not wanted any more", async () => {
    const server = openMessagesServer(() => messagesError(529, "overloaded_error"));
    closers.push(server.close);
    const controller = new AbortController();
    const reason = new Error("enough");
    let stopped = 0;
    const schedule = () => {
      queueMicrotask(() => controller.abort(reason));
      return () => {
        stopped += 1;
      };
    };
    const config = { apiKey: key, baseUrl: server.url, model: "claude-haiku-5-5" };
    const model = createAnthropic({ clock: { now: () => 0, schedule } }, config);
    const asked = model.ask(question, controller.signal);
    expect(await asked.catch((thrown: unknown) => thrown)).toBe(reason);
    expect([server.requests.length, stopped]).toEqual([1, 1]);
  });

  test.each([
    [400, "invalid_request_error", ""],
    [401, "authentication_error", ": is ANTHROPIC_API_KEY right?"],
    [403, "permission_error", ": is ANTHROPIC_API_KEY right?"],
    [404, "not_found_error", ""],
    [413, "request_too_large", ""],
  ])("that answers %i is not asked again", async (status, type, hint) => {
    const { server, ask } = open(() => messagesError(status, type));
    const answered = await ask();
    expect(server.requests).toHaveLength(1);
    expect(answered).toMatchObject({ costUsd: 0, error: { code: "unavailable", retry: false } });
    expect(messageOf(answered)).toBe(`Claude answered with status ${status}${hint}`);
  });

  test.each([
    ["refuses", { stopReason: "refusal", text: "" }, "Claude refused to answer"],
    ["is cut off", { stopReason: "max_tokens", text: '{"to' }, "Claude's answer was cut off"],
    ["says something else", { text: "Sure! Here you are:" }, "Claude answered with no JSON"],
  ])("that %s has been paid all the same [P23]", async (_, said, text) => {
    const { server, ask } = open(() => message({ ...said, usage: { input: 10, output: 10 } }));
    const answered = await ask();
    expect(server.requests).toHaveLength(1);
    expect(answered).toMatchObject({ error: { code: "unavailable", retry: false } });
    expect(answered.costUsd).toBeCloseTo(6e-6, 9);
    expect(messageOf(answered)).toBe(text);
  });

  test("that redirects is not followed with the key [P26]", async () => {
    const other = openMessagesServer(() => message());
    closers.push(other.close);
    const { ask } = open(() => {
      return new Response(null, {
        status: 307,
        headers: { location: `${other.url}/v1/messages` },
      });
    });
    expect(await ask()).toMatchObject({ error: { code: "unavailable" }, costUsd: undefined });
    expect(other.requests).toEqual([]);
  });

  test("whose answer has no end is cut off [P10]", async () => {
    const block = new Uint8Array(64 * 1024).fill(32);
    let sentBytes = 0;
    const { ask } = open(() => {
      const body = new ReadableStream({
        pull(controller) {
          sentBytes += block.length;
          controller.enqueue(block);
          if (sentBytes > 64 * 1024 ** 2) controller.close();
        },
      });
      return new Response(body, { headers: { "content-type": "application/json" } });
    });
    expect(await ask()).toMatchObject({ error: { code: "unavailable" }, costUsd: undefined });
    // One MiB, and what was on its way.
    expect(sentBytes).toBeLessThan(32 * 1024 ** 2);
  });

  test("that is not wanted any more is hung up on at once [P07]", async () => {
    const reached = Promise.withResolvers<void>();
    const { ask } = open(() => {
      reached.resolve();
      return new Promise<Response>(() => {});
    });
    const controller = new AbortController();
    const asked = ask(controller.signal);
    await reached.promise;
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await asked.catch((thrown: unknown) => thrown)).toBe(reason);
  });

  test("that cannot be reached is not asked again: it may have been, and charged [P06]", async () => {
    const { server, ask } = open(() => message());
    await server.close();
    const answered = await ask();
    expect(answered).toMatchObject({ error: { retry: true }, costUsd: undefined });
    expect(messageOf(answered)).toBe("Claude did not answer");
  });
});

function messageOf(answered: object): string | undefined {
  return "error" in answered && answered.error instanceof Error
    ? answered.error.message
    : undefined;
}
