import { Option } from "commander";
import { localUrl } from "../config/local-url.ts";
import { integer, publicUrl } from "../config/readers.ts";
import { parseConfig } from "../config.ts";
import { AppError } from "../errors.ts";
import type { AddCommand } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { type Io, say } from "./io.ts";
import { takes } from "./option.ts";

interface HealthOptions {
  readonly url?: string;
  readonly timeoutMs: number;
  readonly json?: boolean;
}

/** More is not read: the answer is a short list of checks. */
const answerLengthMax = 4096;

/** `motioness health`: whether a running server is ready for work. */
export const addHealth: AddCommand = (program, io, finish) => {
  program
    .command("health")
    .summary("ask a running server whether it is ready")
    .description("Asks /readyz of a running server. Ends with 0 when it is ready, else with 3.")
    .addOption(
      new Option("--url <url>", "the server (default: as the settings say)").argParser(
        takes(publicUrl),
      ),
    )
    .addOption(
      new Option("--timeout-ms <ms>", "how long to wait for the answer")
        .default(5000)
        .argParser(takes(integer(1, 600_000))),
    )
    .option("--json", "print the server's answer as it is")
    .action(async (options: HealthOptions) => finish(await askHealth(io, options)));
};

async function askHealth(io: Io, options: HealthOptions): Promise<ExitCode> {
  const { url, init } = addressOf(io, options);
  let answer: Response;
  let body: string;
  try {
    answer = await fetch(url, { ...init, signal: AbortSignal.timeout(options.timeoutMs) });
    body = (await answer.text()).slice(0, answerLengthMax);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(
      io,
      options.json
        ? JSON.stringify({ ready: false, error: reason })
        : `no answer from ${init.unix ?? url}: ${reason}`,
    );
    return exitCodes.unhealthy;
  }
  if (options.json) say(io, body);
  else say(io, answer.ok ? "ready" : `not ready (${answer.status}): ${body}`);
  return answer.ok ? exitCodes.ok : exitCodes.unhealthy;
}

function addressOf(io: Io, options: HealthOptions): { url: string; init: BunFetchRequestInit } {
  if (options.url !== undefined) return { url: `${options.url}/readyz`, init: {} };
  const { config } = parseConfig(io);
  if (config.listen.kind === "unix") {
    return { url: "http://localhost/readyz", init: { unix: config.listen.path } };
  }
  if (config.listen.port === 0) {
    throw new AppError("invalid_request", "the port was picked at start: give --url");
  }
  return { url: `${localUrl(config.listen)}/readyz`, init: {} };
}
