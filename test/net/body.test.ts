import { describe, expect, test } from "bun:test";
import { readBody, saveBody } from "../../src/net/body.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const limits = {
  sizeBytesMax: 6,
  tooLarge: () => new Error("too large"),
  explain: (cause: unknown) => new Error("broken", { cause }),
};

describe("the body of an answer", () => {
  const textOf = async (response: Response) =>
    Buffer.concat(await Array.fromAsync(readBody(response, limits))).toString();

  test("is read up to the limit", async () => {
    expect(await textOf(new Response("123456"))).toBe("123456");
    expect(await textOf(new Response(null))).toBe("");
  });

  test("is not begun when more is announced than may come", async () => {
    const response = new Response("1", { headers: { "content-length": "7" } });
    await expect(textOf(response)).rejects.toThrow("too large");
    expect(response.bodyUsed).toBe(false);
  });

  test.each([
    ["of packed bytes", { "content-length": "7", "content-encoding": "gzip" }],
    ["that is no number", { "content-length": "many" }],
  ])("is not judged by a length %s", async (_name, headers) => {
    expect(await textOf(new Response("123456", { headers }))).toBe("123456");
  });

  test("is cut off where it passes the limit", async () => {
    let asked = 0;
    const endless = new ReadableStream({
      pull(controller) {
        asked += 1;
        controller.enqueue(new Uint8Array(4));
      },
    });
    await expect(textOf(new Response(endless))).rejects.toThrow("too large");
    expect(asked).toBeLessThan(5);
  });

  test("that breaks is explained", async () => {
    const breaking = new ReadableStream({ pull: (c) => c.error(new Error("reset")) });
    await expect(textOf(new Response(breaking))).rejects.toThrow("broken");
  });
});

describe("a body saved to a file", () => {
  test("is there whole, in place of what was there", async () => {
    const directory = await openTemporaryDirectory();
    const path = `${directory.path}/file`;
    await Bun.write(path, "something longer from an earlier attempt");
    await saveBody(chunksOf("one ", "two"), path);
    expect(await Bun.file(path).text()).toBe("one two");
    await directory.close();
  });

  test("is not there at all when it breaks", async () => {
    const directory = await openTemporaryDirectory();
    const path = `${directory.path}/file`;
    await expect(saveBody(chunksOf("one", new Error("reset")), path)).rejects.toThrow("reset");
    expect(await Bun.file(path).exists()).toBe(false);
    await directory.close();
  });
});

async function* chunksOf(...items: readonly (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const item of items) {
    if (item instanceof Error) throw item;
    yield new TextEncoder().encode(item);
  }
}
