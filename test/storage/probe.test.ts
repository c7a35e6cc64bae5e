import { describe, expect, test } from "bun:test";
import { probeStorage } from "../../src/storage/probe.ts";

const put = async () => ({ sizeBytes: 0, sha256: "" });

// That a storage which works passes is in the contract.
describe("the check of a storage", () => {
  test("fails when nothing can be written", async () => {
    const full = async () => {
      throw new Error("full");
    };
    const probe = probeStorage({ put: full, open: async () => undefined });
    await expect(probe).rejects.toMatchObject({ code: "unavailable", cause: { message: "full" } });
  });

  test.each([
    ["nothing", undefined],
    ["other bytes", { sizeBytes: 5, body: new Blob(["other"]) }],
  ])("fails when %s is read back", async (_name, opened) => {
    const probe = probeStorage({ put, open: async () => opened });
    await expect(probe).rejects.toMatchObject({ code: "unavailable" });
  });
});
