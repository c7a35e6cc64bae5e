import type { Anthropic } from "@anthropic-ai/sdk";
import { AppError } from "../errors.ts";
import { tokenCostUsd } from "../models/language-models.ts";
import { createProviderFetch } from "../net/provider-fetch.ts";
import type { Answered, LanguageModel, Question } from "./language-model.ts";

export interface AnthropicConfig {
  readonly apiKey: string;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly model: string;
}

const answerBytesMax = 1024 ** 2;
const retriesMax = 2;

/**
 * Claude, through the Messages API (https://platform.claude.com/docs/en/api/messages).
 *
 * The answer is asked for as structured output. A tool that must be called would give the same, but
 * Opus 5.5 and Fable 5.1 refuse forced tools, and those that think refuse both at once.
 */
export function createAnthropic(config: AnthropicConfig): LanguageModel {
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
      try {
        return read(model, await client.messages.create(requestOf(model, question), { signal }));
      } catch (thrown) {
        signal.throwIfAborted();
        return failed(thrown);
      }
    },
  };
}

/** What the API itself puts around a question with a schema. */
const frameTokensMax = 2000;

/** A large library, loaded by the first question that is asked. */
async function openClient({ apiKey, baseUrl: baseURL }: AnthropicConfig): Promise<Anthropic> {
  const { Anthropic } = await import("@anthropic-ai/sdk");
  return new Anthropic({
    apiKey,
    baseURL,
    maxRetries: retriesMax,
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
function failed(cause: unknown): Answered {
  const status = cause instanceof Error && "status" in cause ? cause.status : undefined;
  if (typeof status !== "number") {
    const error = new AppError("unavailable", "Claude did not answer", { cause });
    return { error, costUsd: undefined };
  }
  const retry = status >= 500 || [408, 409, 429].includes(status);
  const hint = status === 401 || status === 403 ? ": is ANTHROPIC_API_KEY right?" : "";
  const message = `Claude answered with status ${status}${hint}`;
  return { error: new AppError("unavailable", message, { retry, cause }), costUsd: 0 };
}
