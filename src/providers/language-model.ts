import type { AppError } from "../errors.ts";

/** A JSON Schema: objects closed, every property required, no bounds on lengths. */
export type AnswerSchema = Readonly<Record<string, unknown>>;

/** Something to be read and judged, and the form of the answer. */
export interface Question {
  /** Who is asked, and for what. */
  readonly system: string;
  /** What is to be read; it may have been written by anybody. */
  readonly text: string;
  readonly schema: AnswerSchema;
  /** The longest answer, thoughts included. */
  readonly tokensMax: number;
}

export type Answered =
  /** JSON that the schema was asked for; nobody has checked it. */
  { readonly value: unknown; readonly costUsd: number } | Failed;

/** No answer that could be used; where nobody can tell what it cost, it may be all of it. */
export interface Failed {
  readonly error: AppError;
  readonly costUsd: number | undefined;
}

/** Reads text and answers in JSON. */
export interface LanguageModel {
  readonly name: string;
  /** The most that a question can cost, in US dollars: what is set aside before it is asked. */
  costUsdMax(question: Question): number;
  /** @throws the signal's reason, and nothing else. */
  ask(question: Question, signal: AbortSignal): Promise<Answered>;
}
