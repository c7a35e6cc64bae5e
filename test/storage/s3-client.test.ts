import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import { createClient, type S3StorageConfig } from "../../src/storage/s3-client.ts";

const right: S3StorageConfig = {
  kind: "s3",
  endpoint: "https://s3.example.com",
  bucket: "my-bucket.1",
  region: "us-east-1",
  accessKeyId: "AKIA.._~-09",
  secretAccessKey: "any/thing+but=space",
};

describe("the settings of S3 storage", () => {
  test.each<[string, Partial<S3StorageConfig>]>([
    ["a host", {}],
    ["a port", { endpoint: "http://127.0.0.1:9000" }],
    ["a final slash", { endpoint: "http://s3.local/" }],
    ["an IPv6 host", { endpoint: "http://[::1]:9000" }],
    ["the region auto", { region: "auto" }],
  ])("may be right: %s", (_name, change) => {
    expect(createClient({ ...right, ...change })).toBeInstanceOf(Bun.S3Client);
  });

  test.each<[string, string, Partial<S3StorageConfig>]>([
    ["endpoint", "another scheme", { endpoint: "ftp://s3.local" }],
    ["endpoint", "no scheme", { endpoint: "s3.local" }],
    ["endpoint", "a path", { endpoint: "http://s3.local/bucket" }],
    ["endpoint", "a query", { endpoint: "http://s3.local?x=1" }],
    ["endpoint", "a password", { endpoint: "http://user:word@s3.local" }],
    ["endpoint", "a port out of range", { endpoint: "http://s3.local:99999" }],
    ["bucket", "nothing", { bucket: "" }],
    ["bucket", "two letters", { bucket: "ab" }],
    ["bucket", "upper case", { bucket: "Bucket" }],
    ["bucket", "a slash", { bucket: "my/bucket" }],
    ["region", "nothing", { region: "" }],
    ["access key", "a colon [T11]", { accessKeyId: "account:user" }],
    ["access key", "a slash [T11]", { accessKeyId: "a/b" }],
    ["access key", "nothing", { accessKeyId: "" }],
    ["secret key", "nothing", { secretAccessKey: "" }],
    ["secret key", "a line break", { secretAccessKey: "secret\n" }],
  ])("name a wrong %s: %s", (name, _what, change) => {
    const open = () => createClient({ ...right, ...change });
    expect(open).toThrow(AppError);
    expect(open).toThrow(name);
  });

  test("are complained about all at once, and never show a secret", () => {
    const wrong = { ...right, bucket: "", region: "", secretAccessKey: "two words" };
    expect(() => createClient(wrong)).toThrow(/bucket.*region.*secret key/);
    expect(() => createClient(wrong)).not.toThrow(/two words/);
  });
});
