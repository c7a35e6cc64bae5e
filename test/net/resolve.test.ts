import { describe, expect, test } from "bun:test";
import { resolveBySystem, resolveHost } from "../../src/net/resolve.ts";

describe("the addresses of a host", () => {
  test("are tried IPv4 first, and four at most, but all are known", async () => {
    const all = ["2a00::1", "9.9.9.1", "2a00::2", "9.9.9.2", "9.9.9.3"];
    const found = await resolveHost("a.test", async () => all);
    expect(found.all).toEqual(all);
    expect(found.toTry).toEqual(["9.9.9.1", "9.9.9.2", "9.9.9.3", "2a00::1"]);
  });

  test.each(["127.0.0.1", "::1"])("are itself for an address: %s", async (address) => {
    const found = await resolveHost(address, () => Promise.reject(new Error("asked")));
    expect(found.all).toEqual([address]);
  });

  test("are none for a name that does not exist", async () => {
    const notFound = Object.assign(new Error("no"), { code: "ENOTFOUND" });
    expect((await resolveHost("a.test", () => Promise.reject(notFound))).all).toEqual([]);
  });

  test("are an error when the name service does not answer", async () => {
    const again = Object.assign(new Error("later"), { code: "EAI_AGAIN" });
    await expect(resolveHost("a.test", () => Promise.reject(again))).rejects.toThrow("later");
  });

  test("come from the system", async () => {
    expect(await resolveBySystem("localhost")).toContain("127.0.0.1");
  });
});
