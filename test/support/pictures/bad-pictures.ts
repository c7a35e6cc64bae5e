import { deflateSync } from "node:zlib";
import sharp from "sharp";
import type { ErrorCode } from "../../../src/errors.ts";
import { pictureBytesMax } from "../../../src/media/picture/picture.ts";
import { blackPng, pngChunk } from "../png-maker.ts";
import { samplePath } from "../render-fixtures.ts";

/** What somebody might send in place of a picture, by the name that they might give it. */
export interface BadPicture {
  readonly file: string;
  readonly what: string;
  /** What it ends with; `taken` where there is an honest first picture in it. */
  readonly outcome: ErrorCode | "taken";
  make(): Promise<Uint8Array>;
}

const text = (content: string) => async () => new TextEncoder().encode(content);
const photograph = () => Bun.file(samplePath("coffee")).bytes();
const blank = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "#468" } });

const unsupported = { outcome: "source_unsupported" } as const;
const taken = { outcome: "taken" } as const;

const texts: readonly BadPicture[] = [
  { file: "empty.png", what: "no byte at all", ...unsupported, make: text("") },
  {
    file: "playlist.mp4",
    what: "an HLS playlist that names a local file",
    ...unsupported,
    make: text("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"),
  },
  {
    file: "playlist.png",
    what: "an HLS playlist under a picture's name",
    ...unsupported,
    make: text('#EXTM3U\n#EXT-X-MAP:URI="file:///etc/passwd"\n#EXTINF:1,\nhttp://127.0.0.1/\n'),
  },
  {
    file: "list.jpg",
    what: "a list of files for ffmpeg to join",
    ...unsupported,
    make: text("ffconcat version 1.0\nfile /etc/passwd\n"),
  },
  {
    file: "page.jpg",
    what: "an error page under a picture's name",
    ...unsupported,
    make: text("<!doctype html><title>404</title><script>alert(1)</script>"),
  },
  {
    file: "drawing.svg",
    what: "an SVG that reads a file",
    ...unsupported,
    make: text('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
  },
  {
    file: "laughs.png",
    what: "an SVG whose entities grow a billion times",
    ...unsupported,
    make: async () => new TextEncoder().encode(billionLaughs()),
  },
  {
    file: "document.jpg",
    what: "a PDF that has a JPEG in it",
    ...unsupported,
    make: async () => Buffer.concat([Buffer.from("%PDF-1.4\n"), await photograph()]),
  },
];

function billionLaughs(): string {
  const entities = Array.from({ length: 9 }, (_, at) => {
    const content = at === 0 ? "lol" : `&e${at - 1};`.repeat(10);
    return `<!ENTITY e${at} "${content}">`;
  });
  return `<?xml version="1.0"?><!DOCTYPE svg [${entities.join("")}]><svg>&e8;</svg>`;
}

const damaged: readonly BadPicture[] = [
  {
    file: "half.jpg",
    what: "half a photograph",
    ...unsupported,
    make: async () => {
      const whole = await photograph();
      return whole.subarray(0, whole.length / 2);
    },
  },
  {
    file: "header.png",
    what: "a header and nothing more",
    ...unsupported,
    make: async () => blackPng({ width: 300, height: 300 }).subarray(0, 33),
  },
  {
    file: "noise.jpg",
    what: "the first bytes of a JPEG before something else",
    ...unsupported,
    make: async () => Buffer.concat([Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), Buffer.alloc(5000, 7)]),
  },
  {
    file: "flat.png",
    what: "a picture without height",
    ...unsupported,
    make: async () => blackPng({ width: 300, height: 0 }),
  },
  {
    file: "two-sizes.webp",
    what: "a small canvas around a large frame",
    ...unsupported,
    make: async () => extendedWebp({ canvas: 300, frame: 4096, frames: 0 }),
  },
];

const bombs: readonly BadPicture[] = [
  {
    file: "bomb.png",
    what: "400 million pixels in 49 kB",
    ...unsupported,
    make: async () => blackPng({ width: 20_000, height: 20_000 }),
  },
  {
    file: "huge.jpg",
    what: "65535 by 65535 pixels, as its header has it",
    ...unsupported,
    make: async () => {
      const bytes = await blank(300, 300).jpeg().toBuffer();
      const frame = bytes.indexOf(Uint8Array.of(0xff, 0xc0));
      return bytes.fill(0xff, frame + 5, frame + 9);
    },
  },
  {
    file: "huge.webp",
    what: "16384 by 16384 pixels, as its header has it",
    ...unsupported,
    make: async () => {
      const bytes = await blank(300, 300).webp({ lossless: true }).toBuffer();
      bytes.writeUInt32LE(0x0fffffff, 21);
      return bytes;
    },
  },
  {
    file: "texts.png",
    what: "50 MB of text in 49 kB",
    ...unsupported,
    make: async () => {
      const packed = deflateSync(Buffer.alloc(50_000_000, "a"), { level: 9 });
      const chunk = pngChunk("zTXt", Buffer.concat([Buffer.from("Name\0\0"), packed]));
      return blackPng({ width: 300, height: 300, before: [chunk] });
    },
  },
  {
    file: "scans.jpg",
    what: "16 million pixels that are refined four hundred times over",
    ...unsupported,
    make: async () => {
      const whole = await blank(4096, 4096).jpeg({ progressive: true }).toBuffer();
      const lastScan = whole.subarray(whole.lastIndexOf(Uint8Array.of(0xff, 0xda)), -2);
      const scans = Array.from({ length: 400 }, () => lastScan);
      return Buffer.concat([whole.subarray(0, -2), ...scans, whole.subarray(-2)]);
    },
  },
  {
    file: "large.jpg",
    what: "a byte more than 10 MB",
    outcome: "source_too_large",
    make: async () =>
      Buffer.concat([await photograph(), Buffer.alloc(pictureBytesMax)]).subarray(
        0,
        pictureBytesMax + 1,
      ),
  },
];

const heavy: readonly BadPicture[] = [
  {
    file: "frames.webp",
    what: "2000 frames of 4096 by 4096 pixels in a small file: the first counts",
    ...taken,
    make: async () => extendedWebp({ canvas: 4096, frame: 4096, frames: 2000 }),
  },
  {
    file: "overfull.png",
    what: "100 MB of pixels where the header has 90 kB: what is too much is not read",
    ...taken,
    make: async () => {
      const row = Buffer.concat([Buffer.alloc(1), Buffer.alloc(38, 0x5a)]);
      const whole = blackPng({ width: 300, height: 300 });
      const pixels = Buffer.concat([...Array.from({ length: 300 }, () => row), Buffer.alloc(1e8)]);
      const idat = pngChunk("IDAT", deflateSync(pixels, { level: 1 }));
      const ends = pngChunk("IEND", new Uint8Array());
      return Buffer.concat([whole.subarray(0, 33), idat, ends]);
    },
  },
  {
    file: "largest.png",
    what: "4096 by 4096 pixels of 16 bits and four channels, interlaced",
    ...taken,
    make: async () =>
      blank(4096, 4096)
        .ensureAlpha(0.5)
        .toColourspace("rgb16")
        .png({ progressive: true })
        .toBuffer(),
  },
  {
    file: "largest.jpg",
    what: "4096 by 4096 pixels, progressive",
    ...taken,
    make: async () => blank(4096, 4096).jpeg({ progressive: true, quality: 100 }).toBuffer(),
  },
];

const disguised: readonly BadPicture[] = [
  { file: "photo.png", what: "a JPEG under a PNG's name", ...taken, make: photograph },
  {
    file: "both.jpg",
    what: "a picture that is a web page as well",
    ...taken,
    make: async () =>
      Buffer.concat([await photograph(), Buffer.from("<html><script>alert(1)</script>")]),
  },
];

/** A WebP of several frames, or with a canvas that is not its frame's (RFC 9649 §2.7). */
async function extendedWebp(sizes: {
  readonly canvas: number;
  readonly frame: number;
  readonly frames: number;
}): Promise<Uint8Array> {
  const still = await blank(sizes.frame, sizes.frame).webp({ lossless: true }).toBuffer();
  const frame = still.subarray(12);
  const canvas = Buffer.alloc(10);
  canvas[0] = sizes.frames > 0 ? 2 : 0;
  canvas.writeUIntLE(sizes.canvas - 1, 4, 3);
  canvas.writeUIntLE(sizes.canvas - 1, 7, 3);
  const header = Buffer.alloc(16);
  header.writeUIntLE(sizes.frame - 1, 6, 3);
  header.writeUIntLE(sizes.frame - 1, 9, 3);
  header.writeUIntLE(40, 12, 3);
  const animation = Array.from({ length: sizes.frames }, () =>
    riffChunk("ANMF", Buffer.concat([header, frame])),
  );
  const frames = sizes.frames > 0 ? [riffChunk("ANIM", Buffer.alloc(6)), ...animation] : [frame];
  const body = Buffer.concat([Buffer.from("WEBP"), riffChunk("VP8X", canvas), ...frames]);
  return riffChunk("RIFF", body);
}

function riffChunk(name: string, data: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(name), length, data, Buffer.alloc(data.length % 2)]);
}

export const badPictures: readonly BadPicture[] = [
  ...texts,
  ...damaged,
  ...bombs,
  ...heavy,
  ...disguised,
];
