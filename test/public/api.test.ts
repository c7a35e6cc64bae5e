import { afterAll, describe, expect, test } from "bun:test";
import { createApi, onOrigin } from "../../public/api.ts";

/** Answers every request with what the test put here. */
let answer: (request: Request) => Response | Promise<Response>;
const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => answer(request) });
const api = createApi(server.url.href);
const mp4Url = `${server.url.href}v1/pk_a/h/a.png.mp4`;
const { signal } = new AbortController();

afterAll(() => server.stop(true));

describe("asking for a clip", () => {
  test("a clip that is there tells its whole size, and how it loops", async () => {
    answer = ({ headers }) => {
      expect(headers.get("range")).toBe("bytes=0-0");
      const found = { "Content-Range": "bytes 0-0/845123", "X-Motioness-Loop": "native" };
      return new Response("x", { status: 206, headers: found });
    };
    expect(await api.ask(mp4Url, signal)).toEqual({
      kind: "ready",
      sizeBytes: 845_123,
      loopMode: "native",
    });
  });

  test("a server without ranges is understood, too", async () => {
    answer = () => new Response("12345");
    expect(await api.ask(mp4Url, signal)).toMatchObject({ kind: "ready", sizeBytes: 5 });
  });

  test.each([
    [{ "Retry-After": "30", "X-Motioness-Eta-Ms": "28000" }, 30_000, 28_000],
    [{}, 5000, 30_000],
    [{ "Retry-After": "soon", "X-Motioness-Eta-Ms": "-1" }, 5000, 30_000],
  ])("a pending clip with the headers %j", async (headers, retryAfterMs, etaMs) => {
    answer = () => Response.json({ status: "pending", asset_id: "a1" }, { status: 202, headers });
    expect(await api.ask(mp4Url, signal)).toEqual({
      kind: "pending",
      assetId: "a1",
      retryAfterMs,
      etaMs,
    });
  });

  test.each([
    [502, '{"error":"last generation failed"}', "last generation failed"],
    [404, '{"error":"not found"}', "not found"],
    [500, "<h1>no JSON</h1>", ""],
    [429, '{"error":7}', ""],
  ])(
    "a refusal with %d keeps the server's text and the request's id",
    async (status, body, text) => {
      const headers = { "X-Request-Id": "req_12345678", "X-Played-By-A-Test": "yes" };
      answer = () => new Response(body, { status, headers });
      await expect(api.ask(mp4Url, signal)).rejects.toMatchObject({
        name: "RequestError",
        status,
        message: text,
        requestId: "req_12345678",
      });
    },
  );

  test("a pending answer without an asset is refused", async () => {
    answer = () => Response.json({ status: "pending" }, { status: 202 });
    await expect(api.ask(mp4Url, signal)).rejects.toMatchObject({ name: "RequestError" });
  });
});

test("a server that is gone is status 0", async () => {
  const gone = createApi("http://127.0.0.1:1/");
  await expect(gone.demo(signal)).rejects.toMatchObject({ name: "RequestError", status: 0 });
});

test("a request that was given up rejects with the reason, not as a fault", async () => {
  const abort = new AbortController();
  abort.abort(new Error("another file"));
  await expect(api.demo(abort.signal)).rejects.toThrow("another file");
});

test("an upload sends the file in the field `file` and returns its URL", async () => {
  answer = async (request) => {
    const file = (await request.formData()).get("file");
    expect(file).toBeInstanceOf(File);
    expect((file as File).name).toBe("a.png");
    return Response.json({ url: "http://h/uploads/u/1.png", key: "uploads/u/1.png" });
  };
  const file = new File(["x"], "a.png", { type: "image/png" });
  expect(await api.upload(file, signal)).toBe("http://h/uploads/u/1.png");
});

describe("the demo", () => {
  const sample = { title: "Cat", src: "http://h/c.jpg", mp4_url: "/c.mp4", poster_url: "/c.jpg" };

  test("has a key and samples", async () => {
    answer = () => Response.json({ project_key: "pk_a", samples: [sample] });
    expect(await api.demo(signal)).toEqual({
      projectKey: "pk_a",
      samples: [{ title: "Cat", src: "http://h/c.jpg", mp4Url: "/c.mp4", posterUrl: "/c.jpg" }],
    });
  });

  test("is undefined where the server has none", async () => {
    answer = () => Response.json({ error: "not found" }, { status: 404 });
    expect(await api.demo(signal)).toBeUndefined();
  });

  test.each([
    {},
    { project_key: "" },
    { project_key: "pk_a", samples: [{ ...sample, mp4_url: 3 }] },
  ])("that is not as documented, %j, is refused", async (body) => {
    answer = () => Response.json(body);
    await expect(api.demo(signal)).rejects.toMatchObject({ name: "RequestError" });
  });
});

test.each([
  ["http://127.0.0.1:8477/v1/k/a.mp4?dur=4", "http://localhost:8477/v1/k/a.mp4?dur=4"],
  ["/v1/k/a.mp4", "http://localhost:8477/v1/k/a.mp4"],
])("%p is asked for on the page's own origin", (url, expected) => {
  expect(onOrigin(url, "http://localhost:8477/")).toBe(expected);
});
