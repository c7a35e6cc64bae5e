import { describe, expect, test } from "bun:test";
import { openStorage } from "../../src/storage/open-storage.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

describe("opening the storage that the settings name", () => {
  test("the disk is of this machine", async () => {
    const directory = await openTemporaryDirectory();
    expect(openStorage({ kind: "disk", root: directory.path }).isShared).toBe(false);
    await directory.close();
  });

  test("S3 is shared, and is not asked anything yet", () => {
    const storage = openStorage({
      kind: "s3",
      endpoint: "http://127.0.0.1:1",
      bucket: "bucket",
      region: "us-east-1",
      accessKeyId: "KEY",
      secretAccessKey: "SECRET",
    });
    expect(storage.isShared).toBe(true);
  });
});
