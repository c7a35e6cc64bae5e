import { describe, expect, test } from "bun:test";
import { encodeSource, signSource } from "../../src/projects/signing.ts";
import { run } from "../support/run-program.ts";

// The public recipe's own example.
const src = "https://cdn.acme.com/hero.png";
const exp = 1_714_808_400;
const sig = "cf8a18b8bcc4255d85552a44a574af84e5fd27fa94b067104f3bb2df9eb80590";
const path = "aHR0cHM6Ly9jZG4uYWNtZS5jb20vaGVyby5wbmc";
const env = { MOTIONESS_PROJECT_KEY: "pk_abc", MOTIONESS_SIGNING_SECRET: "test-secret" };
const now = (exp - 3600) * 1000;
const good = `http://127.0.0.1:8477/v1/pk_abc/${path}.mp4?sig=${sig}&exp=${exp}`;

describe("motioness sign", () => {
  test("prints the URL of the public recipe's example", async () => {
    const result = await run(["sign", src], { env, now });
    expect(result).toEqual({ code: 0, stdout: `${good}\n`, stderr: "" });
  });

  test("takes key, lifetime, format and server as options, the secret from a file", async () => {
    const args = ["sign", src, "--key", "pk_abc", "--ttl", "60", "--format", "jpg"];
    const result = await run([...args, "--base-url", "https://clips.acme.com/m/", "--json"], {
      env: { MOTIONESS_SIGNING_SECRET_FILE: "/run/secret" },
      files: { "/run/secret": "test-secret\n" },
      now: (exp - 60) * 1000,
    });
    expect(JSON.parse(result.stdout)).toEqual({
      url: `https://clips.acme.com/m/v1/pk_abc/${path}.jpg?sig=${sig}&exp=${exp}`,
      exp,
    });
  });

  test("links to the server that the settings name", async () => {
    const publicUrl = { ...env, MOTIONESS_BASE_URL: "https://clips.acme.com" };
    expect((await run(["sign", src], { env: publicUrl, now })).stdout).toStartWith(
      "https://clips.acme.com/v1/pk_abc/",
    );
    const wildcard = { ...env, MOTIONESS_LISTEN: "0.0.0.0:9000" };
    expect((await run(["sign", src], { env: wildcard, now })).stdout).toStartWith(
      "http://127.0.0.1:9000/v1/",
    );
  });

  test.each([
    [["sign"], env, 2, "missing required argument 'url'"],
    [["sign", "cdn.acme.com/hero.png"], env, 2, "expected the picture's full URL with https://"],
    [["sign", src], { MOTIONESS_SIGNING_SECRET: "s" }, 2, "give --key or MOTIONESS_PROJECT_KEY"],
    [["sign", src], { MOTIONESS_PROJECT_KEY: "pk_abc" }, 4, "MOTIONESS_SIGNING_SECRET: not set"],
    [["sign", src, "--ttl", "5"], env, 2, "Expected a whole number from 60"],
    [["sign", src, "--format", "webm"], env, 2, "Allowed choices are mp4, jpg, webp"],
    [["sign", src, "--tll", "60"], env, 2, "Did you mean --ttl?"],
  ])("%j is refused, and says why", async (args, given, code, why) => {
    const result = await run(args, { env: given, now });
    expect([result.code, result.stdout]).toEqual([code, ""]);
    expect(result.stderr).toContain(why);
  });
});

describe("motioness sign --explain", () => {
  const explain = (url: string, at = now) => run(["sign", "--explain", url], { env, now: at });

  test("shows what a good URL says", async () => {
    expect((await explain(`${good}&motion=subtle`)).stdout.split("\n")).toEqual([
      "key      pk_abc",
      `source   ${src}`,
      "format   mp4",
      "expires  2024-05-04T07:40:00.000Z (in 60 min)",
      "verdict  good",
      "",
    ]);
  });

  test("ends with 1 for a refused URL, and with the server's own text", async () => {
    const result = await explain(good, (exp + 600) * 1000);
    expect(result.code).toBe(1);
    expect(result.stdout).toContain("(10 min ago)");
    expect(result.stdout).toContain("verdict  refused: signature expired");
  });

  const refusals: readonly (readonly [string, string, string])[] = [
    ["tampered", good.replace("cf8a", "cf8b"), "does not match project key, source and exp"],
    ["padded", good.replace(`${path}.`, `${path}=.`), "the path is padded"],
    ["without sig", good.replace(/sig=\w+&/, ""), "the sig parameter is missing"],
    ["of another project", good.replace("pk_abc", "pk_xyz"), "of another project than pk_abc"],
    ["no proxy URL", "https://acme.com/", "expected /v1/{projectKey}/{source}.mp4"],
    ["in milliseconds", good.replace(/exp=\d+/, "exp=1714808400000"), "not milliseconds"],
  ];
  test.each(refusals)("says of a URL that is %s what is wrong", async (_name, url, why) => {
    const { stdout, code } = await explain(url);
    expect(code).toBe(1);
    expect(stdout).toContain(why);
  });

  const signed = (secret: string, tuple: { src?: string; expSeconds?: number }) =>
    signSource(secret, { projectKey: "pk_abc", src, expSeconds: exp, ...tuple });
  const slips: readonly (readonly [string, string])[] = [
    ["without its scheme", signed("test-secret", { src: "cdn.acme.com/hero.png" })],
    ["encoded path was signed", signed("test-secret", { src: encodeSource(src) })],
    ["line feed behind it", signed("test-secret\n", {})],
    ["exp was signed in milliseconds", signed("test-secret", { expSeconds: exp * 1000 })],
  ];
  test.each(slips)("finds the usual slip: %s", async (hint, wrong) => {
    const { stdout } = await explain(good.replace(sig, wrong));
    expect(stdout).toContain(hint);
  });
});
