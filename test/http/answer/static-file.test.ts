import { describe, expect, test } from "bun:test";
import { answerStaticFile, createTextFile } from "../../../src/http/answer/static-file.ts";

const text = "words and words and words ".repeat(100);
const file = createTextFile(text, { "Content-Type": "text/html; charset=utf-8" });
const ask = (headers: Record<string, string> = {}) => answerStaticFile(file, new Headers(headers));

describe("a text that does not change", () => {
  test("comes as it is to who says nothing", async () => {
    const response = ask();
    expect([response.status, response.headers.get("content-encoding")]).toEqual([200, null]);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("vary")).toBe("Accept-Encoding");
    expect(await response.text()).toBe(text);
  });

  test.each(["gzip", "deflate, gzip;q=0.5", "br, GZIP", "*", "gzip; q=1.0"])(
    "comes packed to who takes %p",
    async (accepted) => {
      const response = ask({ "accept-encoding": accepted });
      expect(response.headers.get("content-encoding")).toBe("gzip");
      const packed = await response.bytes();
      expect(packed.length).toBeLessThan(text.length / 4);
      expect(new TextDecoder().decode(Bun.gunzipSync(packed))).toBe(text);
    },
  );

  test.each(["", "identity", "br", "gzip;q=0", "gzip; q=0.000", "xgzip"])(
    "does not to who takes %p",
    (accepted) => {
      expect(ask({ "accept-encoding": accepted }).headers.get("content-encoding")).toBeNull();
    },
  );

  test("does not come again to who has it, in whatever form", async () => {
    const etag = ask().headers.get("etag") ?? "";
    expect(ask({ "accept-encoding": "gzip" }).headers.get("etag")).toBe(etag);
    for (const known of [etag, etag.replace("W/", ""), `"other", ${etag}`, "*"]) {
      const response = ask({ "if-none-match": known, "accept-encoding": "gzip" });
      expect([response.status, await response.text()]).toEqual([304, ""]);
      expect(response.headers.get("etag")).toBe(etag);
    }
    expect(ask({ "if-none-match": '"other"' }).status).toBe(200);
    const other = createTextFile(`${text}.`, {});
    expect(other.headers["ETag"]).not.toBe(etag);
  });
});
