import { resolve } from "node:path";
import type { AccountsConfig, FirstAdmin } from "./accounts/config.ts";
import { missingAccountSettings, nestAccounts, nestFirstAdmin } from "./config/account-settings.ts";
import { readSettings, type SettingSources, unknownNames } from "./config/read-settings.ts";
import { reservedSettings } from "./config/reserved.ts";
import type { Settings, Values } from "./config/setting.ts";
import { settings } from "./config/settings.ts";
import { signingSettings } from "./config/signing.ts";
import type { DatabaseConfig } from "./db/open-store.ts";
import { AppError } from "./errors.ts";
import type { HttpConfig } from "./http/deps.ts";
import type { ListenAddress } from "./http/listen.ts";
import type { LogConfig } from "./log.ts";
import type { MediaConfig } from "./media/media.ts";
import type { NetConfig } from "./net/client.ts";
import type { SpendConfig } from "./projects/spend.ts";
import type { AnthropicConfig } from "./providers/anthropic.ts";
import type { PurgeConfig } from "./purge/purger.ts";
import type { StorageConfig } from "./storage/open-storage.ts";
import type { SightConfig } from "./vision/look.ts";

/** All that the program can be told, nested by the module that is given it. Frozen. */
export interface Config {
  readonly listen: ListenAddress;
  /** The public URL without a trailing slash, or undefined: then the listener's. */
  readonly baseUrl: string | undefined;
  /** An absolute path. */
  readonly dataDir: string;
  /** Undefined: `config/server-secret.ts` keeps one in the data folder. */
  readonly secret: string | undefined;
  /** Networks in CIDR form. */
  readonly trustedProxies: readonly string[];
  readonly demo: "auto" | "off";
  readonly upgradeUrl: string | undefined;
  readonly accounts: AccountsConfig;
  readonly firstAdmin: FirstAdmin | undefined;
  readonly database: DatabaseConfig;
  readonly storage: StorageConfig;
  readonly net: NetConfig;
  readonly jobs: { readonly concurrency: number };
  readonly http: Pick<HttpConfig, "bodyCacheBytesMax" | "rateLimits" | "uploads">;
  readonly media: MediaConfig;
  readonly sight: SightConfig;
  /** Undefined without a key. */
  readonly anthropic: AnthropicConfig | undefined;
  readonly spend: SpendConfig;
  readonly purge: PurgeConfig;
  readonly log: LogConfig;
}

export interface ParsedConfig {
  readonly config: Config;
  /** One sentence each, for the log. */
  readonly warnings: readonly string[];
  /** What was given, by variable, with secrets masked: for the start-up line. */
  readonly given: Readonly<Record<string, string>>;
  /** Values that must not reach the log. */
  readonly secrets: readonly string[];
}

/**
 * Reads the whole configuration.
 * @throws AppError `invalid_config` that lists every problem by name, each with what was got and
 * what was expected.
 */
export function parseConfig(sources: SettingSources): ParsedConfig {
  const read = readSettings(settings, sources);
  const reserved = readSettings(reservedTable, sources);
  const problems = [...read.problems, ...reserved.problems, ...conflicts(read.values)];
  if (problems.length > 0) throw invalidConfig(problems);
  return {
    config: deepFreeze(nest(read.values)),
    warnings: [
      ...unknownNames(sources.env, knownSettings),
      ...Object.keys(reserved.given).map((name) => `${name} is set, and does nothing yet`),
      ...cautions(read.values),
    ],
    given: read.given,
    secrets: [...read.secrets, ...reserved.secrets],
  };
}

/** The one form in which problems with settings are told. */
export function invalidConfig(problems: readonly string[]): AppError {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const list = problems.map((problem) => `  ${problem}`).join("\n");
  return new AppError("invalid_config", `The settings have ${count}:\n${list}`);
}

type SettingValues = Values<typeof settings>;

const reservedTable: Settings = Object.fromEntries(reservedSettings.map((row) => [row.name, row]));
const knownSettings = [
  ...Object.values(settings),
  ...Object.values(signingSettings),
  ...reservedSettings,
];

/** What no single reader can see: settings that do not go together. */
function conflicts(values: SettingValues): readonly string[] {
  const problems: string[] = [...missingAccountSettings(values)];
  if (values.databaseUrl !== undefined && values.storage === "disk") {
    problems.push(
      'MOTIONESS_STORAGE: got "disk" with MOTIONESS_DATABASE_URL, expected "s3": machines that ' +
        "share a database must share the media too",
    );
  }
  problems.push(...purgeConflicts(values));
  if (values.storage !== "s3") return problems;
  for (const key of ["s3Endpoint", "s3Bucket", "s3AccessKeyId", "s3SecretAccessKey"] as const) {
    if (values[key] !== undefined) continue;
    const { name, reader } = settings[key];
    problems.push(`${name}: not set, expected ${reader.expected}, for MOTIONESS_STORAGE=s3`);
  }
  return problems;
}

function purgeConflicts({ purge, purgeUrl, purgeToken }: SettingValues): readonly string[] {
  if (purge === "none") return [];
  const { purgeUrl: url, purgeToken: token } = settings;
  const missing = [
    ...(purgeUrl === undefined ? [url] : []),
    ...(purgeToken === undefined && purge !== "varnish" ? [token] : []),
  ];
  return missing.map(
    ({ name, reader }) => `${name}: not set, expected ${reader.expected}, for a purge of ${purge}`,
  );
}

/** What works, and will surprise somebody. */
function cautions(values: SettingValues): readonly string[] {
  if (values.databaseUrl === undefined || values.secret !== undefined) return [];
  return [
    "MOTIONESS_SECRET is not set: with MOTIONESS_DATABASE_URL every machine needs the same one, " +
      "and this one uses its own",
  ];
}

function nest(values: SettingValues): Config {
  const dataDir = resolve(values.dataDir);
  return {
    listen: values.listen,
    baseUrl: values.baseUrl,
    dataDir,
    secret: values.secret,
    trustedProxies: values.trustedProxies ?? [],
    demo: values.demo,
    upgradeUrl: values.upgradeUrl,
    accounts: nestAccounts(values),
    firstAdmin: nestFirstAdmin(values),
    database: nestDatabase(values, dataDir),
    storage: nestStorage(values, dataDir),
    net: { allowPrivate: values.allowPrivateSources ?? [] },
    jobs: { concurrency: values.concurrency },
    http: {
      bodyCacheBytesMax: values.bodyCacheMb * 1024 * 1024,
      rateLimits: values.rateLimits ?? {},
      uploads: { filesMax: values.uploadsMax, bytesMax: values.uploadsMb * 1024 * 1024 },
    },
    media: { ffmpegPath: values.ffmpegPath },
    sight: {
      nsfwThreshold: values.nsfw === "off" ? undefined : values.nsfw,
      depthModelPath: values.depthModel === undefined ? undefined : resolve(values.depthModel),
    },
    anthropic: nestAnthropic(values),
    spend: { usdPerDayMax: values.spendCap },
    purge: nestPurge(values),
    log: { level: values.logLevel, format: values.logFormat },
  };
}

function nestDatabase({ databaseUrl }: SettingValues, dataDir: string): DatabaseConfig {
  if (databaseUrl !== undefined) return { kind: "postgres", url: databaseUrl };
  return { kind: "sqlite", path: resolve(dataDir, "motioness.db") };
}

function nestStorage(values: SettingValues, dataDir: string): StorageConfig {
  if (values.storage === "disk") return { kind: "disk", root: resolve(dataDir, "media") };
  return {
    kind: "s3",
    endpoint: values.s3Endpoint ?? "",
    bucket: values.s3Bucket ?? "",
    region: values.s3Region,
    accessKeyId: values.s3AccessKeyId ?? "",
    secretAccessKey: values.s3SecretAccessKey ?? "",
  };
}

function nestAnthropic(values: SettingValues): AnthropicConfig | undefined {
  const { anthropicApiKey: apiKey, anthropicBaseUrl: baseUrl, anthropicModel: model } = values;
  return apiKey === undefined ? undefined : { apiKey, baseUrl, model };
}

function nestPurge({ purge: kind, purgeUrl: url, purgeToken: token }: SettingValues): PurgeConfig {
  return kind === "none" || url === undefined ? { kind: "none" } : { kind, url, token };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
