import { expect, test } from "bun:test";
import { parseConfig } from "../../src/config.ts";

const parse = (env: Record<string, string>) => parseConfig({ env, readFile: () => "" });

test("nobody may sign up and nobody is made, unless the settings say so", () => {
  const { accounts, firstAdmin } = parse({}).config;
  expect([accounts.signups, firstAdmin]).toEqual(["closed", undefined]);
});

test("the first administrator needs an address and a password", () => {
  const both = { MOTIONESS_ADMIN_EMAIL: "a@b.cd", MOTIONESS_ADMIN_PASSWORD: "long enough" };
  const { config, secrets } = parse(both);
  expect(config.firstAdmin).toEqual({ email: "a@b.cd", password: "long enough" });
  expect(secrets).toContain("long enough");
  expect(() => parse({ MOTIONESS_ADMIN_EMAIL: "a@b.cd" })).toThrow(
    "MOTIONESS_ADMIN_PASSWORD: not set, expected 8 to 128 characters, to go with " +
      "MOTIONESS_ADMIN_EMAIL",
  );
  expect(() => parse({ ...both, MOTIONESS_ADMIN_PASSWORD: "hunter2" })).toThrow("8 to 128");
});

test("a provider needs everything that it gave out", () => {
  const { config } = parse({
    MOTIONESS_GOOGLE_CLIENT_ID: "id",
    MOTIONESS_GOOGLE_CLIENT_SECRET: "secret",
    MOTIONESS_GITHUB_URL: "https://git.example.com/",
    MOTIONESS_GITHUB_CLIENT_ID: "id",
    MOTIONESS_GITHUB_CLIENT_SECRET: "secret",
  });
  const client = { clientId: "id", clientSecret: "secret" };
  expect(config.accounts.providers).toEqual({
    google: { ...client, issuer: "https://accounts.google.com" },
    github: { ...client, issuer: "https://git.example.com" },
    oidc: undefined,
  });
  expect(() => parse({ MOTIONESS_OIDC_CLIENT_ID: "id" })).toThrow("2 problems");
});
