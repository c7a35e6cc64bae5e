import type { Anthropic } from "@anthropic-ai/sdk";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { tokenCostUsd } from "../models/language-models.ts";
import { createProviderFetch } from "../net/provider-fetch.ts";
import { parseRetryAfter } from "../net/retry-after.ts";
import type { Answered, Failed, LanguageModel, Question } from "./language-model.ts";

export interface AnthropicConfig {
  readonly apiKey: string;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly model: string;
}

const answerBytesMax = 1024 ** 2;
/** Before each attempt, the first at once. */
const delaysMs = [0, 1000, 4000] as const;

export interface AnthropicDeps {
  readonly clock: Pick<Clock, "now" | "schedule">;
}

/**
 * Claude, through the Messages API (https://platform.claude.com/docs/en/api/messages).
 *
 * The answer is asked for as structured output. A tool that must be called would give the same, but
 * Opus 5.5 and Fable 5.1 refuse forced tools, and those that think refuse both at once.
 */
export function createAnthropic(deps: AnthropicDeps, config: AnthropicConfig): LanguageModel {
  const { model } = config;
  return {
    name: "anthropic",
    costUsdMax({ system, text, schema, tokensMax }) {
      // A token is one byte at least.
      const input = Buffer.byteLength(system + text + JSON.stringify(schema)) + frameTokensMax;
      return tokenCostUsd(model, { input, output: tokensMax });
    },
    async ask(question, signal) {
      const client = await openClient(config);
      for (let failures = 1; ; failures += 1) {
        try {
          return read(model, await client.messages.create(requestOf(model, question), { signal }));
        } catch (thrown) {
          signal.throwIfAborted();
          const failed = failureOf(thrown, deps.clock.now());
          const delayMs = delaysMs[failures];
          if (delayMs === undefined || !mayRetry(failed)) return failed;
          await pause(deps, Math.max(delayMs, failed.error.retryAfterMs ?? 0), signal);
        }
      }
    },
  };
}

/** What may have been charged is not asked for twice: one answer is all that was set aside. */
function mayRetry({ error, costUsd }: Failed): boolean {
  return error.retry && costUsd === 0;
}

/** What the API itself puts around a question with a schema. */
const frameTokensMax = 2000;

/** A large library, loaded by the first question that is asked. */
async function openClient({ apiKey, baseUrl: baseURL }: AnthropicConfig): Promise<Anthropic> {
  const { Anthropic } = await import("@anthropic-ai/sdk");
  return new Anthropic({
    apiKey,
    baseURL,
    // It follows any Retry-After, and would ask again for what may have been charged.
    maxRetries: 0,
    fetch: createProviderFetch(answerBytesMax),
    // Else the library asks the environment, where nothing of this is a setting of ours.
    authToken: null,
    webhookKey: null,
    logLevel: "off",
    openTelemetry: false,
  });
}

function requestOf(model: string, { system, text, schema, tokensMax }: Question) {
  return {
    model,
    max_tokens: tokensMax,
    system,
    messages: [{ role: "user" as const, content: text }],
    output_config: { format: { type: "json_schema" as const, schema } },
  };
}

function read(model: string, message: Anthropic.Message): Answered {
  const { content, stop_reason: reason, usage } = message;
  const costUsd = tokenCostUsd(model, { input: usage.input_tokens, output: usage.output_tokens });
  if (reason === "refusal") return { error: unusable("Claude refused to answer"), costUsd };
  if (reason === "max_tokens") return { error: unusable("Claude's answer was cut off"), costUsd };
  const text = content.map((block) => (block.type === "text" ? block.text : "")).join("");
  try {
    return { value: JSON.parse(text), costUsd };
  } catch (cause) {
    return { error: unusable("Claude answered with no JSON", cause), costUsd };
  }
}

function unusable(message: string, cause?: unknown): AppError {
  return new AppError("unavailable", message, { retry: false, cause });
}

/** By the status alone: what a provider says in words is for the log. Errors are not charged. */
function failureOf(cause: unknown, nowMs: number): Failed {
  const { status, headers } = (cause instanceof Error ? cause : {}) as {
    readonly status?: unknown;
    readonly headers?: Headers;
  };
  if (typeof status !== "number") {
    const error = new AppError("unavailable", "Claude did not answer", { cause });
    return { error, costUsd: undefined };
  }
  const retry = status >= 500 || [408, 409, 429].includes(status);
  const hint = status === 401 || status === 403 ? ": is ANTHROPIC_API_KEY right?" : "";
  const retryAfterMs = parseRetryAfter(headers?.get("retry-after") ?? null, nowMs);
  const error = new AppError("unavailable", `Claude answered with status ${status}${hint}`, {
    ...{ retry, cause },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
  return { error, costUsd: 0 };
}

/** @throws the signal's reason. */
async function pause({ clock }: AnthropicDeps, delayMs: number, signal: AbortSignal) {
  const over = Promise.withResolvers<void>();
  const stopTimer = clock.schedule(delayMs, over.resolve);
  const end = () => over.resolve();
  signal.addEventListener("abort", end, { once: true });
  try {
    await over.promise;
    signal.throwIfAborted();
  } finally {
    stopTimer();
    signal.removeEventListener("abort", end);
  }
}
