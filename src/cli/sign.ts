import { Option } from "commander";
import { localUrl } from "../config/local-url.ts";
import { readSettings } from "../config/read-settings.ts";
import { integer, publicUrl } from "../config/readers.ts";
import { signingSettings } from "../config/signing.ts";
import { invalidConfig, parseConfig } from "../config.ts";
import { AppError } from "../errors.ts";
import { formats, parseProjectKey } from "../http/proxy/proxy-url.ts";
import { encodeSource, signSource } from "../projects/signing.ts";
import type { AddCommand } from "./command.ts";
import { exitCodes } from "./exit-code.ts";
import { explainUrl } from "./explain-url.ts";
import { type Io, say } from "./io.ts";
import { takes } from "./option.ts";

interface SignOptions {
  readonly key?: string;
  readonly ttl: number;
  readonly format: (typeof formats)[number];
  readonly baseUrl?: string;
  readonly explain?: boolean;
  readonly json?: boolean;
}

/** `motioness sign`: mints signed URLs, and says of a refused one what is wrong with it. */
export const addSign: AddCommand = (program, io, finish) => {
  program
    .command("sign")
    .summary("print a signed URL, or explain why one is refused")
    .description(
      "Prints the signed URL of a picture, for projects that take signed URLs only. " +
        "The project's signing secret is read from MOTIONESS_SIGNING_SECRET, or from the file " +
        "that MOTIONESS_SIGNING_SECRET_FILE names.",
    )
    .argument("<url>", "the picture's full URL; with --explain, a signed URL")
    .option("--key <pk>", "the project's key (default: MOTIONESS_PROJECT_KEY)")
    .addOption(
      new Option("--ttl <seconds>", "how long the URL is good for, at least 60")
        .default(3600)
        .argParser(takes(integer(60, 10 * 365 * 86_400))),
    )
    .addOption(
      new Option("--format <format>", "clip, poster or animated image")
        .choices(formats)
        .default("mp4"),
    )
    .addOption(
      new Option("--base-url <url>", "the server (default: as the settings say)").argParser(
        takes(publicUrl),
      ),
    )
    .option("--explain", "check a signed URL, and say why it is refused")
    .option("--json", "print one JSON object")
    .action((url: string, options: SignOptions) => {
      const { key, secret } = readCredentials(io, options);
      if (options.explain) {
        const isGood = explainUrl(io, url, { key, secret, isJson: options.json === true });
        return finish(isGood ? exitCodes.ok : exitCodes.failure);
      }
      const signed = signUrl(io, url, { options, key, secret });
      say(io, options.json ? JSON.stringify(signed) : signed.url);
    });
};

interface SignRequest {
  readonly options: SignOptions;
  readonly key: string | undefined;
  readonly secret: string;
}

function signUrl(io: Io, src: string, { options, key, secret }: SignRequest) {
  if (!/^https?:$/.test(URL.parse(src)?.protocol ?? "")) {
    throw new AppError(
      "invalid_request",
      `got ${JSON.stringify(src)}, expected the picture's full URL with https:// or http://`,
    );
  }
  if (key === undefined) {
    throw new AppError("invalid_request", "no project key: give --key or MOTIONESS_PROJECT_KEY");
  }
  const projectKey = parseProjectKey(key);
  const expSeconds = Math.floor(io.now() / 1000) + options.ttl;
  const sig = signSource(secret, { projectKey, src, expSeconds });
  const path = `/v1/${projectKey}/${encodeSource(src)}.${options.format}`;
  const base = options.baseUrl ?? configuredUrl(io);
  return { url: `${base}${path}?sig=${sig}&exp=${expSeconds}`, exp: expSeconds };
}

function readCredentials(io: Io, options: SignOptions) {
  const { values, problems } = readSettings(signingSettings, io);
  if (problems.length > 0) throw invalidConfig(problems);
  if (values.signingSecret === undefined) {
    throw invalidConfig([
      "MOTIONESS_SIGNING_SECRET: not set, expected the project's signing secret (or a file " +
        "with it, named by MOTIONESS_SIGNING_SECRET_FILE)",
    ]);
  }
  return { key: options.key ?? values.projectKey, secret: values.signingSecret };
}

function configuredUrl(io: Io): string {
  const { config } = parseConfig(io);
  const url = config.baseUrl ?? localUrl(config.listen);
  if (url === undefined) {
    throw new AppError("invalid_request", "no public URL: give --base-url or MOTIONESS_BASE_URL");
  }
  return url;
}
