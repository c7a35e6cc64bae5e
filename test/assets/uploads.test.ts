import { afterAll, describe, expect, test } from "bun:test";
import {
  beginUpload,
  checkUploadRoom,
  deleteUpload,
  finishUpload,
  type UploadLimits,
} from "../../src/assets/uploads.ts";
import type { Store } from "../../src/db/store.ts";
import { codeOf } from "../support/app-error.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { testPostgres } from "../support/postgres.ts";
import { addUser } from "../support/sign-in.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";

const server = await testPostgres();
const clock = createManualClock();
const limits: UploadLimits = { filesMax: 3, bytesMax: 1000 };
let count = 0;

/** Begins an upload. @returns the code of its refusal, or its file's name. */
async function begin(store: Store, userId: string, bytes: number) {
  const file = `${count++}.png`;
  const described = { content_type: "image/png", bytes, width: 256, height: 256 };
  const upload = { key: `uploads/${userId}/${file}`, user_id: userId, file, ...described };
  try {
    await beginUpload(store, upload, limits);
    return file;
  } catch (thrown) {
    return codeOf(Promise.reject(thrown));
  }
}

const engines = [
  ["SQLite", () => sqlitePlace()],
  ["PostgreSQL", async () => (server ? postgresPlace(server) : sqlitePlace())],
] as const;

for (const [name, openPlace] of engines) {
  const isMissing = name === "PostgreSQL" && !server;
  describe.skipIf(isMissing)(`room for uploads on ${name}`, async () => {
    const store = await (await openPlace()).open(clock);
    afterAll(() => store.close());

    test("is never passed, however many begin at once", async () => {
      const userId = await addUser(store);
      const begun = await Promise.all(Array.from({ length: 8 }, () => begin(store, userId, 1)));
      expect(begun.filter((one) => one === "limit_reached")).toHaveLength(5);
      expect(await begin(store, await addUser(store), 1)).toEndWith(".png");
    });

    test("counts what is being written, and not what is deleted", async () => {
      const userId = await addUser(store);
      const file = await begin(store, userId, 600);
      expect(await begin(store, userId, 401)).toBe("limit_reached");
      const key = `uploads/${userId}/${file}`;
      await finishUpload(store, { key, bytes: 500, sha256: "00" });
      expect(await begin(store, userId, 500)).toEndWith(".png");
      expect(await codeOf(checkUploadRoom(store.read, userId, limits))).toBe("limit_reached");
      await deleteUpload(store, { userId, file });
      await checkUploadRoom(store.read, userId, limits, 500);
    });
  });
}
