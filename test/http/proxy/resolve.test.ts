import { describe, expect, test } from "bun:test";
import { resolveProxyRequest } from "../../../src/http/proxy/resolve.ts";
import type { SigningSettings } from "../../../src/projects/proxy-project.ts";
import { encodeSource, signSource } from "../../../src/projects/signing.ts";
import { plainProxyProject } from "../../support/proxy-project.ts";

const nowMs = Date.UTC(2026, 10, 21);
const { proxyKey: projectKey } = plainProxyProject;
const src = "https://acme.com/hero.png";
const expSeconds = nowMs / 1000 + 3600;

function resolve(target: string, signing?: SigningSettings) {
  const deps = {
    findProject: async () => ({ ...plainProxyProject, signing }),
    baseUrl: "http://127.0.0.1:8477",
    clock: { now: () => nowMs },
  };
  return resolveProxyRequest(deps, target, new Headers());
}

function signedWith(secret: string): string {
  const sig = signSource(secret, { projectKey, src, expSeconds });
  return `/v1/${projectKey}/${encodeSource(src)}.mp4?sig=${sig}&exp=${expSeconds}`;
}

describe("how long the answer to a proxy URL may be remembered", () => {
  test("without end when the URL is plain", async () => {
    const { expiresAtMs } = await resolve(`/v1/${projectKey}/acme.com/hero.png.mp4`);
    expect(expiresAtMs).toBe(Number.POSITIVE_INFINITY);
  });

  test("until a signed URL expires", async () => {
    const signing = { secret: "secret", previous: undefined };
    const { expiresAtMs } = await resolve(signedWith("secret"), signing);
    expect(expiresAtMs).toBe(expSeconds * 1000);
  });

  test("no longer than the secret before the last rotation is good [U11]", async () => {
    const untilMs = nowMs + 60_000;
    const signing = { secret: "new", previous: { secret: "old", untilMs } };
    const { expiresAtMs } = await resolve(signedWith("old"), signing);
    expect(expiresAtMs).toBe(untilMs - 1);
  });
});
