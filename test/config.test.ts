import { describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import type { Setting } from "../src/config/setting.ts";
import { settings } from "../src/config/settings.ts";
import { parseConfig } from "../src/config.ts";
import { AppError } from "../src/errors.ts";

const secret = "0123456789abcdef0123456789abcdef";
const s3 = {
  MOTIONESS_STORAGE: "s3",
  MOTIONESS_S3_ENDPOINT: "http://127.0.0.1:9000",
  MOTIONESS_S3_BUCKET: "clips",
  MOTIONESS_S3_ACCESS_KEY_ID: "key",
  MOTIONESS_S3_SECRET_ACCESS_KEY: "hush-hush",
};

describe("configuration", () => {
  test("needs nothing: every setting has a default", () => {
    const { config, warnings, given, secrets } = parse({});
    expect(config).toEqual({
      listen: { kind: "tcp", host: "127.0.0.1", port: 8477 },
      baseUrl: undefined,
      dataDir: resolve("data"),
      secret: undefined,
      trustedProxies: [],
      demo: "auto",
      upgradeUrl: undefined,
      accounts: {
        signups: "closed",
        providers: { google: undefined, github: undefined, oidc: undefined },
      },
      firstAdmin: undefined,
      database: { kind: "sqlite", path: resolve("data/motioness.db") },
      storage: { kind: "disk", root: resolve("data/media") },
      net: { allowPrivate: [] },
      jobs: { concurrency: 2 },
      http: {
        bodyCacheBytesMax: 64 * 1024 * 1024,
        rateLimits: {},
        uploads: { filesMax: 1000, bytesMax: 1024 ** 3 },
      },
      media: { ffmpegPath: undefined },
      sight: { nsfwThreshold: 0.85, depthModelPath: undefined },
      anthropic: undefined,
      spend: { usdPerDayMax: 5 },
      purge: { kind: "none" },
      log: { level: "info", format: "auto" },
    });
    expect({ warnings, given, secrets }).toEqual({ warnings: [], given: {}, secrets: [] });
  });

  test("is frozen all the way down", () => {
    const { config } = parse({ MOTIONESS_TRUSTED_PROXIES: "10.0.0.0/8" });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.storage)).toBe(true);
    expect(Object.isFrozen(config.trustedProxies)).toBe(true);
  });

  test("reports all problems at once, each with variable, got and expected", () => {
    const error = refusal({
      MOTIONESS_LISTEN: "8477",
      MOTIONESS_CONCURRENCY: "many",
      MOTIONESS_LOG_LEVEL: "verbose",
    });
    expect(error.code).toBe("invalid_config");
    expect(error.message.split("\n")).toEqual([
      "The settings have 3 problems:",
      '  MOTIONESS_LISTEN: got "8477", expected host:port such as 127.0.0.1:8477 or [::1]:8477, ' +
        "or unix:/path/to.sock",
      '  MOTIONESS_CONCURRENCY: got "many", expected a whole number from 1 to 64',
      '  MOTIONESS_LOG_LEVEL: got "verbose", expected debug or info or warn or error or silent',
    ]);
  });

  test("says which flag was wrong when it came from the command line", () => {
    expect(refusal({}, { MOTIONESS_LISTEN: "nowhere" }).message).toContain(
      '--listen: got "nowhere"',
    );
  });

  test("lets a flag win over a variable", () => {
    const { config } = parse({ MOTIONESS_LISTEN: "bad" }, { MOTIONESS_LISTEN: "127.0.0.1:0" });
    expect(config.listen).toEqual({ kind: "tcp", host: "127.0.0.1", port: 0 });
  });

  test("never shows a secret in a problem", () => {
    const message = refusal({ MOTIONESS_SECRET: "too-short" }).message;
    expect(message).toContain(
      "MOTIONESS_SECRET: got a secret of 9 characters, expected at least 32",
    );
    expect(message).not.toContain("too-short");
  });

  test("refuses disk storage with a shared database", () => {
    const message = refusal({ MOTIONESS_DATABASE_URL: "postgres://h/motioness" }).message;
    expect(message).toContain('MOTIONESS_STORAGE: got "disk" with MOTIONESS_DATABASE_URL');
    expect(message).toContain('expected "s3"');
  });

  test("names everything that S3 storage lacks", () => {
    const message = refusal({ MOTIONESS_STORAGE: "s3" }).message;
    for (const name of Object.keys(s3).slice(1)) expect(message).toContain(`${name}: not set`);
  });

  test("names what telling a cache lacks", () => {
    expect(refusal({ MOTIONESS_PURGE: "vanish" }).message).toContain('got "vanish"');
    const { message } = refusal({ MOTIONESS_PURGE: "fastly" });
    expect(message).toMatch(
      /MOTIONESS_PURGE_URL: not set.*fastly\n.*MOTIONESS_PURGE_TOKEN: not set/,
    );
    const url = "http://varnish:6081";
    expect(parse({ MOTIONESS_PURGE: "varnish", MOTIONESS_PURGE_URL: url }).config.purge).toEqual({
      kind: "varnish",
      url,
      token: undefined,
    });
  });

  test("takes S3 storage and PostgreSQL together, and masks what is secret of them", () => {
    const url = "postgres://me:pass-word@db/motioness";
    const read = parse({ ...s3, MOTIONESS_DATABASE_URL: url, MOTIONESS_SECRET: secret });
    expect(read.config.database).toEqual({ kind: "postgres", url });
    expect(read.config.storage).toEqual({
      kind: "s3",
      endpoint: "http://127.0.0.1:9000",
      bucket: "clips",
      region: "us-east-1",
      accessKeyId: "key",
      secretAccessKey: "hush-hush",
    });
    expect(read.secrets).toEqual([secret, url, "key", "hush-hush"]);
    expect(read.given["MOTIONESS_S3_BUCKET"]).toBe("clips");
    expect(JSON.stringify(read.given)).not.toMatch(/hush-hush|pass-word|0123456789abcdef/);
    expect(read.warnings).toEqual([]);
  });

  test("warns that machines sharing a database need one secret", () => {
    const { warnings } = parse({ ...s3, MOTIONESS_DATABASE_URL: "postgres://db/motioness" });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toStartWith("MOTIONESS_SECRET is not set");
  });

  test("names the setting that does not hold, and what it got, in one line [L11]", () => {
    const nonsense = "no such thing \u0001";
    const named = Object.values<Setting>(settings).filter(
      ({ reader }) => reader.read(nonsense) === undefined,
    );
    expect(named.length).toBeGreaterThan(20);
    for (const { name } of named) {
      const { code, message } = refusal({ [name]: nonsense });
      expect(code).toBe("invalid_config");
      expect(message.split("\n").filter((line) => line.includes(`${name}: got`))).toHaveLength(1);
    }
  });

  test("warns of a name that is no setting, with the nearest one [L12]", () => {
    const { warnings } = parse({ MOTIONESS_LISTN: "x", MOTIONESS_QQQQQQ: "1", OTHER: "1" });
    expect(warnings).toEqual([
      "MOTIONESS_LISTN is no setting: did you mean MOTIONESS_LISTEN?",
      "MOTIONESS_QQQQQQ is no setting: see --help for the names",
    ]);
  });

  test("warns of a setting that does nothing yet, and still checks it", () => {
    expect(parse({ MOTIONESS_METRICS: "on" }).warnings).toEqual([
      "MOTIONESS_METRICS is set, and does nothing yet",
    ]);
    expect(refusal({ MOTIONESS_METRICS: "maybe" }).message).toContain(
      'MOTIONESS_METRICS: got "maybe"',
    );
  });

  test("does not warn of what the sign command reads, nor of a _FILE twin", () => {
    const env = { MOTIONESS_PROJECT_KEY: "pk_a", MOTIONESS_SECRET_FILE: "/secret" };
    expect(parse(env).warnings).toEqual([]);
  });
});

function parse(env: Record<string, string>, flags: Record<string, string> = {}) {
  return parseConfig({ env, flags, readFile: () => `${secret}\n` });
}

function refusal(env: Record<string, string>, flags: Record<string, string> = {}): AppError {
  try {
    parse(env, flags);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error("expected the configuration to be refused");
}
