/** The type of a file as its first bytes tell it; names and declared types are not believed. */
export function sniffType(bytes: Uint8Array): string {
  const found = signatures.find(({ signature, offset = 0 }) => matches(bytes, signature, offset));
  if (found) return found.type;
  if (matches(bytes, "RIFF", 0)) return riffTypes[ascii(bytes, 8, 4)] ?? "application/octet-stream";
  if (matches(bytes, "ftyp", 4)) return brandTypes[ascii(bytes, 8, 4)] ?? "video/mp4";
  return sniffText(bytes);
}

interface Signature {
  readonly type: string;
  readonly signature: string;
  readonly offset?: number;
}

/** Latin-1 text, so that each character is a byte. */
const signatures: readonly Signature[] = [
  { type: "image/png", signature: "\x89PNG\r\n\x1a\n" },
  { type: "image/jpeg", signature: "\xff\xd8\xff" },
  { type: "image/gif", signature: "GIF8" },
  { type: "image/bmp", signature: "BM" },
  { type: "image/tiff", signature: "II*\0" },
  { type: "image/tiff", signature: "MM\0*" },
  { type: "image/tiff", signature: "II+\0" },
  { type: "image/tiff", signature: "MM\0+" },
  { type: "image/jxl", signature: "\xff\x0a" },
  { type: "image/jxl", signature: "\0\0\0\x0cJXL \r\n\x87\n" },
  { type: "image/jp2", signature: "\0\0\0\x0cjP  \r\n\x87\n" },
  { type: "image/x-icon", signature: "\0\0\x01\0" },
  { type: "image/vnd.adobe.photoshop", signature: "8BPS" },
  { type: "application/pdf", signature: "%PDF-" },
  { type: "application/postscript", signature: "%!PS" },
  { type: "application/zip", signature: "PK\x03\x04" },
  { type: "application/gzip", signature: "\x1f\x8b" },
  { type: "video/webm", signature: "\x1aE\xdf\xa3" },
  { type: "audio/mpeg", signature: "ID3" },
  { type: "application/vnd.apple.mpegurl", signature: "#EXTM3U" },
];

const riffTypes: { readonly [form: string]: string } = {
  WEBP: "image/webp",
  "AVI ": "video/x-msvideo",
  WAVE: "audio/wav",
};

/** Of a file in boxes, by its brand; all others are taken for clips. */
const brandTypes: { readonly [brand: string]: string } = {
  avif: "image/avif",
  avis: "image/avif",
  heic: "image/heic",
  heix: "image/heic",
  hevc: "image/heic",
  heim: "image/heic",
  heis: "image/heic",
  mif1: "image/heif",
  msf1: "image/heif",
  "qt  ": "video/quicktime",
};

/** An SVG may begin with a declaration, a document type and comments of any length. */
const textBytesMax = 4096;

function sniffText(bytes: Uint8Array): string {
  const start = bytes.subarray(0, textBytesMax);
  // In UTF-16 every second byte of markup is zero.
  const text = new TextDecoder()
    .decode(start)
    .replaceAll("\0", "")
    .replace(/^[^<]*/, "");
  if (/<svg[\s>]/i.test(text)) return "image/svg+xml";
  if (/^<(!doctype\s+html|html|head|body|script)/i.test(text)) return "text/html";
  if (text.startsWith("<?xml")) return "text/xml";
  return "application/octet-stream";
}

function matches(bytes: Uint8Array, signature: string, offset: number): boolean {
  return ascii(bytes, offset, signature.length) === signature;
}

function ascii(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}
