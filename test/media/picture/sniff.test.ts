import { describe, expect, test } from "bun:test";
import sharp from "sharp";
import { sniffType } from "../../../src/media/picture/sniff.ts";

const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const blank = () => sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } });

describe("the type of a file", () => {
  test("is told for the pictures that are taken, as an encoder writes them", async () => {
    expect(sniffType(await blank().png().toBuffer())).toBe("image/png");
    expect(sniffType(await blank().jpeg().toBuffer())).toBe("image/jpeg");
    expect(sniffType(await blank().webp().toBuffer())).toBe("image/webp");
  });

  test("is told for those that an encoder here can write and that are not taken", async () => {
    expect(sniffType(await blank().gif().toBuffer())).toBe("image/gif");
    expect(sniffType(await blank().avif().toBuffer())).toBe("image/avif");
    expect(sniffType(await blank().tiff().toBuffer())).toBe("image/tiff");
  });

  test.each([
    ["image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ["image/svg+xml", '\ufeff<?xml version="1.0"?>\n<!-- a -->\n<!DOCTYPE svg>\n<svg >'],
    ["image/svg+xml", "\xef\xbb\xbf  <SVG\n>"],
    ["image/svg+xml", "\xff\xfe<\0s\0v\0g\0 \0"],
    ["text/html", "<!DOCTYPE  html><p>"],
    ["text/html", "\n<html>"],
    ["text/xml", '<?xml version="1.0"?><feed/>'],
    ["image/gif", "GIF89a\xff\xff\xff\xff/*"],
    ["image/bmp", "BM\0\0"],
    ["image/tiff", "MM\0*\0"],
    ["image/tiff", "II+\0\x08"],
    ["image/jxl", "\xff\x0a\xff"],
    ["image/jxl", "\0\0\0\x0cJXL \r\n\x87\n"],
    ["image/jp2", "\0\0\0\x0cjP  \r\n\x87\n"],
    ["image/heic", "\0\0\0\x18ftypheic"],
    ["image/avif", "\0\0\0\x18ftypavif"],
    ["video/mp4", "\0\0\0\x18ftypisom"],
    ["video/quicktime", "\0\0\0\x14ftypqt  "],
    ["video/webm", "\x1aE\xdf\xa3"],
    ["audio/wav", "RIFF\0\0\0\0WAVEfmt "],
    ["application/pdf", "%PDF-1.7"],
    ["application/zip", "PK\x03\x04"],
    ["application/gzip", "\x1f\x8b\x08"],
    ["application/vnd.apple.mpegurl", "#EXTM3U\n"],
    ["application/octet-stream", "RIFF\0\0\0\0what"],
    ["application/octet-stream", "hello"],
    ["application/octet-stream", "\xff\xd8"],
    ["application/octet-stream", "\0"],
    ["application/octet-stream", ""],
  ])("is %s for %j", (type, text) => {
    expect(sniffType(bytesOf(text))).toBe(type);
  });
});
