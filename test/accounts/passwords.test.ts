import { expect, test } from "bun:test";
import { createPasswords } from "../../src/accounts/passwords.ts";

test("a password is found again by its hash, which is another each time", async () => {
  const passwords = createPasswords();
  const [one, two] = await Promise.all([passwords.hash("secret"), passwords.hash("secret")]);
  expect(one).not.toBe(two);
  expect(await passwords.verify(one, "secret")).toBe(true);
  expect(await passwords.verify(one, "Secret")).toBe(false);
});

test("a flood is sent away, and what waited is done", async () => {
  const passwords = createPasswords();
  const results = await Promise.allSettled(
    Array.from({ length: 70 }, () => passwords.verify("no hash", "x")),
  );
  const refused = results.filter(
    (result) => result.status === "rejected" && result.reason.code === "unavailable",
  );
  expect(refused).toHaveLength(70 - 2 - 64);
  expect((await passwords.hash("after")).length).toBeGreaterThan(0);
});
