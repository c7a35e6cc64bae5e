import { describe, expect, test } from "bun:test";
import { signProxyUrl } from "../../../packages/proxy-client/src/sign.ts";
import { parseProxyUrl } from "../../../packages/proxy-client/src/url.ts";
import vectors from "../../../packages/proxy-client/vectors.json" with { type: "json" };
import type { AppError } from "../../../src/errors.ts";
import { encodeSource, signSource, verifySource } from "../../../src/projects/signing.ts";

const baseUrl = "https://motion.example";

describe("the signing vectors", () => {
  for (const { name, secret, projectKey, src, exp, path, sig, url } of vectors.positive) {
    test(`the client signs ${name}`, async () => {
      expect(await signProxyUrl({ baseUrl, projectKey, src, secret, exp })).toBe(url);
      expect(parseProxyUrl(url)).toMatchObject({ projectKey, src, exp, sig, signed: true });
    });

    test(`the server signs and accepts ${name}`, () => {
      expect(encodeSource(src)).toBe(path);
      expect(signSource(secret, { projectKey, src, expSeconds: exp })).toBe(sig);
      const request = { projectKey, path, sig, expSeconds: exp };
      expect(verifySource({ secret, previous: undefined }, request, exp * 1000)).toBe(src);
    });
  }

  for (const {
    name,
    secret,
    projectKey,
    path,
    sig,
    exp,
    now,
    error,
    message,
  } of vectors.negative) {
    test(`the server refuses ${name}`, () => {
      const request = { projectKey, path, sig: sig ?? undefined, expSeconds: exp ?? undefined };
      const settings = { secret, previous: undefined };
      const refused = () => verifySource(settings, request, now * 1000);
      expect(refused).toThrow(message);
      expect(refused).toThrow(expect.objectContaining({ code: error }) as AppError);
    });
  }
});

describe("what no signer signs", () => {
  for (const { name, option, ...options } of vectors.refused) {
    test(`the client refuses ${name}, and names the option`, async () => {
      const { code, message } = await signProxyUrl(options).catch((thrown) => thrown);
      expect([code, message]).toEqual(["invalid_argument", expect.stringContaining(option)]);
    });
  }

  test("the client reads no path that the server calls misspelt", () => {
    const misspelt = vectors.negative.filter(({ message }) =>
      /padded|base64|canonical|UTF-8/.test(message),
    );
    expect(misspelt.length).toBeGreaterThan(3);
    for (const { path, exp } of misspelt) {
      const url = `${baseUrl}/v1/pk_abc/${path}.mp4?sig=${"0".repeat(64)}&exp=${exp}`;
      expect(() => parseProxyUrl(url)).toThrow("unpadded base64url");
    }
  });
});

describe("signProxyUrl", () => {
  const options = { projectKey: "pk_abc", src: "https://a.example/b.png", secret: "s" };

  test("is good for an hour, or as long as it is told", async () => {
    const now = () => 1_000_000;
    expect(await signProxyUrl({ ...options, now })).toEndWith("&exp=4600");
    expect(await signProxyUrl({ ...options, now, ttlSeconds: 60 })).toEndWith("&exp=1060");
  });

  test("refuses an empty secret, which anybody could guess", async () => {
    await expect(signProxyUrl({ ...options, secret: "" })).rejects.toThrow("secret is empty");
  });

  const times = [{ ttlSeconds: 0 }, { ttlSeconds: -60 }, { ttlSeconds: 1.5 }];
  const expiries = [{ exp: Date.now() }, { exp: 0 }, { exp: Number.NaN }, { exp: 1714808400.5 }];
  for (const wrong of [...times, ...expiries]) {
    test(`refuses ${JSON.stringify(wrong)}, which no server would take`, async () => {
      const [name = ""] = Object.keys(wrong);
      await expect(signProxyUrl({ ...options, ...wrong })).rejects.toThrow(`${name} must be`);
    });
  }
});
