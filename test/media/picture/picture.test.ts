import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { inspectPicture, pictureBytesMax } from "../../../src/media/picture/picture.ts";
import { errorOf } from "../../support/app-error.ts";
import { noiseBytes } from "../../support/noise.ts";
import { blackPng, pngChunk } from "../../support/png-maker.ts";
import { openTemporaryDirectory } from "../../support/temporary-directory.ts";

const directory = await openTemporaryDirectory();
afterAll(() => directory.close());

const noise = { width: 320, height: 256, channels: 3 } as const;
const noisy = () => sharp(noiseBytes(noise.width * noise.height * 3, 5), { raw: noise });
const blank = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "#446688" } });
const text = (content: string) => new TextEncoder().encode(content);

async function refusal(source: string | Uint8Array) {
  const { code, message } = await errorOf(inspectPicture(source));
  return { code, message };
}

const unsupported = (message: string | RegExp) => ({
  code: "source_unsupported" as const,
  message: expect.stringMatching(message),
});

describe("a picture that can be animated", () => {
  test.each([
    ["png", "png", () => noisy().png()],
    ["jpeg", "jpg", () => noisy().jpeg()],
    ["webp", "webp", () => noisy().webp()],
  ] as const)("%s", async (format, extension, make) => {
    expect(await inspectPicture(await make().toBuffer())).toEqual({
      format,
      extension,
      contentType: `image/${format}`,
      width: 320,
      height: 256,
      orientation: 1,
    });
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "turned by EXIF %d it has the size that is looked at",
    async (orientation) => {
      const bytes = await noisy().withMetadata({ orientation }).jpeg().toBuffer();
      const [width, height] = orientation < 5 ? [320, 256] : [256, 320];
      expect(await inspectPicture(bytes)).toMatchObject({ width, height, orientation });
    },
  );

  test("a WebP or a PNG is turned, too", async () => {
    const turned = noisy().withMetadata({ orientation: 6 });
    for (const bytes of [await turned.clone().webp().toBuffer(), await turned.png().toBuffer()]) {
      expect(await inspectPicture(bytes)).toMatchObject({ width: 256, height: 320 });
    }
  });

  test.each([
    ["CMYK", () => noisy().toColourspace("cmyk").jpeg()],
    ["16 bits a channel", () => noisy().toColourspace("rgb16").png()],
    ["grey with alpha", () => noisy().greyscale().ensureAlpha(0.5).png()],
    ["a palette", () => noisy().png({ palette: true })],
    ["a wide gamut", () => noisy().withIccProfile("p3").jpeg()],
  ])("in %s [I13]", async (_, make) => {
    expect(await inspectPicture(await make().toBuffer())).toMatchObject({ width: 320 });
  });

  test("animated, by its first frame", async () => {
    const frames = [noisy(), blank(320, 256)].map((frame) => frame.png().toBuffer());
    const bytes = await sharp(await Promise.all(frames), { join: { animated: true } })
      .webp()
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    expect(await inspectPicture(bytes)).toMatchObject({ format: "webp", width: 320, height: 256 });
  });

  test("at the limits of its size", async () => {
    const bytes = blackPng({ width: 256, height: 4096 });
    expect(await inspectPicture(bytes)).toMatchObject({ width: 256, height: 4096 });
  });

  test("from a file", async () => {
    const path = join(directory.path, "picture");
    await Bun.write(path, await noisy().png().toBuffer());
    expect(await inspectPicture(path)).toMatchObject({ format: "png" });
  });

  test("that is something else as well: the picture counts [I06]", async () => {
    const jpeg = await noisy().jpeg().toBuffer();
    const png = await noisy().png().toBuffer();
    const zip = text("PK\x03\x04 and so on");
    expect(await inspectPicture(Buffer.concat([jpeg, zip]))).toMatchObject({ format: "jpeg" });
    const page = text("<html><script>alert(1)</script>");
    expect(await inspectPicture(Buffer.concat([png, page]))).toMatchObject({ format: "png" });
  });
});

describe("a file of another type is refused by its name", () => {
  test.each([
    ["image/svg+xml", text("<svg><script>alert(1)</script></svg>")],
    [
      "image/svg+xml",
      text('<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///a">]><svg>&a;</svg>'),
    ],
    ["image/svg+xml", text('<svg><image href="file:///etc/passwd"/></svg>')],
    ["image/svg+xml", text(`<!DOCTYPE svg [${'<!ENTITY a "aaaa">'.repeat(20)}]><svg>&a;</svg>`)],
    ["image/gif", text("GIF89a\xff\xff")],
    ["image/gif", text("GIF89a/*<svg")],
    ["image/tiff", text("II*\0\x08\0\0\0")],
    ["image/heic", text("\0\0\0\x18ftypheic\0\0\0\0")],
    ["image/avif", text("\0\0\0\x18ftypavif\0\0\0\0")],
    ["video/mp4", text("\0\0\0\x18ftypisom\0\0\0\0")],
    ["application/pdf", Buffer.concat([text("%PDF-1.4\n"), Uint8Array.of(0xff, 0xd8, 0xff)])],
    ["text/html", text("<!doctype html><title>404</title>")],
    ["application/octet-stream", Uint8Array.of(0)],
    ["the file is empty", new Uint8Array()],
  ])("%s [I02 I05 I09 I14]", async (type, bytes) => {
    expect(await refusal(bytes)).toEqual({
      code: "source_unsupported",
      message: `unsupported type: ${type}`,
    });
  });
});

describe("a picture that is cut off or damaged is refused", () => {
  const makers = {
    jpeg: () => noisy().jpeg(),
    "progressive jpeg": () => noisy().jpeg({ progressive: true }),
    png: () => noisy().png(),
    webp: () => noisy().webp(),
    "lossless webp": () => noisy().webp({ lossless: true }),
  };
  test.each(Object.entries(makers))("%s, cut at 10, 50 and 99 % [I08]", async (_, make) => {
    const bytes = await make().toBuffer();
    for (const share of [0.1, 0.5, 0.99]) {
      const cut = bytes.subarray(0, Math.floor(share * bytes.length));
      expect(await refusal(cut)).toEqual(unsupported(/is cut off or damaged/));
    }
  });

  test("a header and nothing more [I09]", async () => {
    const bytes = blackPng({ width: 300, height: 300 }).subarray(0, 33);
    expect(await refusal(bytes)).toEqual(unsupported(/^the png is cut off or damaged: it cannot/));
    const mark = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);
    expect(await refusal(mark)).toEqual(unsupported(/^the jpeg is cut off .* it has no header$/));
  });

  test("200 changed files neither crash nor hang [I16]", async () => {
    const whole = await Promise.all(Object.values(makers).map((make) => make().toBuffer()));
    const places = noiseBytes(200 * 8, 11);
    for (let index = 0; index < 200; index++) {
      const bytes = new Uint8Array(whole[index % whole.length] ?? []);
      for (const [place, value] of places.subarray(8 * index, 8 * index + 8).entries()) {
        // Half of the changes hit the headers.
        bytes[place % 2 === 0 ? value : (value * bytes.length) >> 8] = value ^ place;
      }
      const startedMs = performance.now();
      const outcome = await inspectPicture(bytes).catch((error) => error.code);
      expect(performance.now() - startedMs).toBeLessThan(2000);
      if (typeof outcome === "string") expect(outcome).toBe("source_unsupported");
    }
  });
});

describe("a picture that is too much is refused", () => {
  const isSmallAndFast = async (bytes: Uint8Array, message: RegExp) => {
    await inspectPicture(blackPng({ width: 256, height: 256 }));
    const startedMs = performance.now();
    const rssBefore = process.memoryUsage.rss();
    expect(await refusal(bytes)).toEqual(unsupported(message));
    expect(performance.now() - startedMs).toBeLessThan(50);
    expect(process.memoryUsage.rss() - rssBefore).toBeLessThan(10_000_000);
  };

  test("400 million pixels in 49 kB, from the header alone [I01]", async () => {
    const bomb = blackPng({ width: 20_000, height: 20_000 });
    expect(bomb.length).toBeLessThan(50_000);
    await isSmallAndFast(
      bomb,
      /^the picture has 20000 by 20000 pixels; each side must have 256 to/,
    );
  });

  test("a WebP or a JPEG that claims to be huge [I02]", async () => {
    const webp = new Uint8Array(await blank(300, 300).webp({ lossless: true }).toBuffer());
    new DataView(webp.buffer).setUint32(21, 0x0fffffff, true);
    await isSmallAndFast(webp, /^the picture has 16384 by 16384 pixels/);
    const jpeg = new Uint8Array(await blank(300, 300).jpeg().toBuffer());
    const frame = Buffer.from(jpeg).indexOf(Uint8Array.of(0xff, 0xc0));
    jpeg.fill(0xff, frame + 5, frame + 9);
    await isSmallAndFast(jpeg, /^the picture has 65535 by 65535 pixels/);
  });

  test.each([
    [1, 1],
    [1, 20_000],
    [20_000, 1],
    [255, 4096],
    [256, 4097],
    [0, 300],
  ])("%d by %d pixels [I10]", async (width, height) => {
    expect(await refusal(blackPng({ width, height }))).toEqual(
      unsupported(`the picture has ${width} by ${height} pixels; each side must have 256 to 4096`),
    );
  });

  test.each(["zTXt", "iCCP"])("50 MB packed into its %s [I04]", async (type) => {
    const packed = deflateSync(Buffer.alloc(50_000_000, "a"), { level: 9 });
    const chunk = pngChunk(type, Buffer.concat([Buffer.from("Name\0\0"), packed]));
    const bytes = blackPng({ width: 300, height: 300, before: [chunk] });
    expect(await refusal(bytes)).toEqual(unsupported(/more than 8 MB of texts/));
  });

  test("10 MB and a byte, in memory or on the disk [S17]", async () => {
    const bytes = new Uint8Array(pictureBytesMax + 1);
    const tooLarge = { code: "source_too_large" as const, message: "file exceeds 10 MB limit" };
    expect(await refusal(bytes)).toEqual(tooLarge);
    const path = join(directory.path, "large");
    await Bun.write(path, bytes);
    expect(await refusal(path)).toEqual(tooLarge);
  });

  test("and one that is not there cannot be read", async () => {
    expect(await refusal(join(directory.path, "nothing"))).toMatchObject({
      code: "source_unfetchable",
    });
  });
});
