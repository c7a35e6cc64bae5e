import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import { createPasswords } from "../../src/accounts/passwords.ts";
import { setUp } from "../../src/accounts/setup.ts";
import { findUserByEmail } from "../../src/accounts/users.ts";
import { runProgram } from "../../src/cli/program.ts";
import { systemClock } from "../../src/clock.ts";
import { openStore } from "../../src/db/open-store.ts";
import { silentLog } from "../support/silent-log.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const folder = await openTemporaryDirectory();
afterAll(folder.close);
const database = { kind: "sqlite", path: join(folder.path, "motioness.db") } as const;
const passwords = createPasswords();

async function admin(args: readonly string[], file = "") {
  let output = "";
  const io = {
    env: { MOTIONESS_DATA_DIR: folder.path, MOTIONESS_BASE_URL: "https://clips.example.com" },
    readFile: () => file,
    stdout: { write: (text: string) => (output += text) },
    stderr: { write: (text: string) => (output += text) },
    now: Date.now,
    onSignal: () => () => {},
    onUnhandled: () => () => {},
  };
  return { code: await runProgram(["admin", ...args], io), output };
}

async function stored(email: string) {
  const store = await openStore(database, { clock: systemClock, log: silentLog });
  const user = await findUserByEmail(store.read, email);
  const account = await store.read
    .selectFrom("auth_accounts")
    .select("password")
    .where("user_id", "=", user?.id ?? "")
    .executeTakeFirst();
  await store.close();
  return { user, hash: account?.password ?? "" };
}

test("makes an administrator with a password that it prints", async () => {
  const { code, output } = await admin(["create", "ann@example.com"]);
  expect(code).toBe(0);
  const password = /the password is (\S+)/.exec(output)?.[1] ?? "";
  const { user, hash } = await stored("ann@example.com");
  expect(user).toMatchObject({ role: "admin", plan: "unlimited" });
  expect(await passwords.verify(hash, password)).toBe(true);
});

test("resets a password to the one in a file, and prints none", async () => {
  const { code, output } = await admin(
    ["reset-password", "ANN@example.com", "--password-file", "secret.txt"],
    "from the file\n",
  );
  expect([code, output]).toEqual([0, "ANN@example.com has a new password\n"]);
  expect(await passwords.verify((await stored("ann@example.com")).hash, "from the file")).toBe(
    true,
  );
});

test("sets a plan", async () => {
  expect((await admin(["set-plan", "ann@example.com", "pro"])).code).toBe(0);
  expect((await stored("ann@example.com")).user?.plan).toBe("pro");
});

test("prints a set-up link that works", async () => {
  const { output } = await admin(["link"]);
  const token = /^https:\/\/clips\.example\.com\/setup#token=(mst_\w+)\n$/.exec(output)?.[1] ?? "";
  const store = await openStore(database, { clock: systemClock, log: silentLog });
  const person = { token, email: "second@example.com", name: "Second", password: "long enough" };
  await setUp({ store, clock: systemClock, passwords }, person);
  await store.close();
  expect((await stored("second@example.com")).user?.role).toBe("admin");
});

test.each([
  [["create", "ann"], 2, "expected an e-mail address"],
  [["create", "a@b.cd", "--password-file", "short"], 2, "expected a password of 8 to 128"],
  [["reset-password", "nobody@example.com"], 1, "no user has the address"],
  [["set-plan", "ann@example.com", "gold"], 2, "expected one of free, pro, team, unlimited"],
  [["set-plan", "nobody@example.com", "pro"], 1, "no user has the address"],
])("%j is refused", async (args, code, reason) => {
  const refused = await admin(args, "short");
  expect(refused.code).toBe(code as typeof refused.code);
  expect(refused.output).toContain(reason);
});
