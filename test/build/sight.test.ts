import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { hasSightPackages, makeSightFiles, sightFolder } from "../../build/sight.ts";

/** What `npm run sight` made last. A file that changes is a decision, and has its line here. */
const hashes: Readonly<Record<string, string>> = {
  "THIRD_PARTY.md": "951488aa70d724831b18e395985104fcee05b4936588e39fc5f5f8943c743c13",
  "faces.net": "0db789eb1dc204d6bc1f4172201615d2591ce816f3cc5f6c83b320286d4563fb",
  "nsfw.net": "65f6e937047006a72fc4eef6ea62482d202cb2d939a5a054aadff581d1a5c5ef",
  "onnx.js": "40755bd5997adb328fb69bfe609b3090b3896a12c1af54f75ed1e7dca9447379",
  "onnx.wasm.zst": "cf98dcb1b4048780e253396cf822a213ea60a9cba8cca96640419814b22bba29",
  "people.net": "e5dae08ecc00269315197840880d55d0cae82d1520576864eb97804352f7d217",
  "tensors.js": "376232eda30a004b408682028e7dcd84678ffac726e7db99e6719abad48c8b7d",
  "tensors.wasm": "77ebb28a6d34f371dbbf2086b7f2de8994acd8ea5a3cf1fa24d2c26c840cac7b",
};

const isInstalled = await hasSightPackages();

describe("the files of sight", () => {
  test("are those that were made, and no others", async () => {
    const found = readdirSync(sightFolder).sort();
    const entries = found.map(async (name) => {
      const bytes = await Bun.file(join(sightFolder, name)).bytes();
      return [name, createHash("sha256").update(bytes).digest("hex")] as const;
    });
    expect(Object.fromEntries(await Promise.all(entries))).toEqual(hashes);
  });

  test("each have a notice of whose they are", async () => {
    const notice = await Bun.file(join(sightFolder, "THIRD_PARTY.md")).text();
    for (const name of Object.keys(hashes).filter((name) => name !== "THIRD_PARTY.md")) {
      expect(notice).toContain(`\`${name}\``);
    }
    for (const licence of ["## MIT", "## BSD-3-Clause", "## Apache-2.0", "Apache License"]) {
      expect(notice).toContain(licence);
    }
  });

  test.skipIf(!isInstalled)(
    "come out the same when they are made anew",
    async () => {
      for (const [name, bytes] of await makeSightFiles()) {
        const committed = await Bun.file(join(sightFolder, name)).bytes();
        expect([name, Buffer.from(bytes).equals(committed)]).toEqual([name, true]);
      }
    },
    60_000,
  );
});
