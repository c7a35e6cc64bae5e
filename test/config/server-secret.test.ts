import { afterEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureServerSecret } from "../../src/config/server-secret.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe("server secret", () => {
  test("is the one given, and then no file is made", () => {
    const dataDir = folder();
    const secret = "x".repeat(32);
    expect(ensureServerSecret({ dataDir, secret })).toEqual({ secret, origin: "given" });
    expect(() => statSync(join(dataDir, "secret.key"))).toThrow();
  });

  test("is generated once, kept with mode 0600, and read from then on", () => {
    const dataDir = folder();
    const first = ensureServerSecret({ dataDir, secret: undefined });
    expect(first.origin).toBe("generated");
    expect(Buffer.from(first.secret, "base64url")).toHaveLength(32);
    expect(statSync(join(dataDir, "secret.key")).mode & 0o777).toBe(0o600);
    const second = ensureServerSecret({ dataDir, secret: undefined });
    expect(second).toEqual({ secret: first.secret, origin: "kept" });
  });

  test("is never replaced when the kept one is damaged", () => {
    const dataDir = folder();
    const path = join(dataDir, "secret.key");
    writeFileSync(path, "cut off");
    expect(() => ensureServerSecret({ dataDir, secret: undefined })).toThrow(
      "secret.key: got 7 characters, expected at least 32 characters",
    );
    expect(readFileSync(path, "utf8")).toBe("cut off");
  });

  test("says what to do when the folder does not take it", () => {
    const dataDir = join(folder(), "missing");
    expect(() => ensureServerSecret({ dataDir, secret: undefined })).toThrow(
      /secret\.key: expected to keep the server's secret here .* or set MOTIONESS_SECRET/,
    );
  });
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "secret-"));
  chmodSync(path, 0o700);
  folders.push(path);
  return path;
}
