import page from "./index.html";

/** One file of the page, ready to be answered with. */
export interface PageFile {
  readonly body: Blob;
  /** Content type, validators and cache life; the page itself also has its security headers. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * No script or style but this server's own, no frame around the page, and no request to anyone
 * else. `blob:` is the picture that the reader dropped, shown before it is uploaded.
 */
export const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

interface Built {
  readonly name: string;
  readonly body: Blob;
  readonly type: string;
}

/** Where everything is that the page loads. */
export const pageFolder = "/page/";

/**
 * The page and what it loads, by URL path: `/`, and hashed names in `pageFolder`. The executable
 * carries them built; from source they are built here, in some tens of milliseconds.
 */
export async function loadPageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const built = page.files === undefined ? await buildFiles(page.index) : carriedFiles(page.files);
  const assets = built.filter((file) => !isHtml(file));
  const files = new Map<string, PageFile>();
  for (const { name, body, type } of assets) {
    const headers = {
      "Content-Type": type,
      // The name holds the content's hash.
      "Cache-Control": "public, max-age=31536000, immutable",
      "X-Content-Type-Options": "nosniff",
    };
    files.set(`${pageFolder}${name}`, { body, headers });
  }
  const html = built.find(isHtml);
  if (html === undefined) throw new Error("the page was built without its HTML");
  files.set("/", await htmlFile(html, assets));
  return files;
}

async function buildFiles(entry: string): Promise<readonly Built[]> {
  const { outputs } = await Bun.build({ entrypoints: [entry], minify: true });
  return outputs.map((body) => ({ name: baseName(body.path), body, type: body.type }));
}

function carriedFiles(files: NonNullable<typeof page.files>): readonly Built[] {
  return files.map((file) => {
    const type = file.headers["content-type"];
    return { name: baseName(file.path), body: Bun.file(file.path), type };
  });
}

/** The server may be reached under a path, so the page must name its files relative to itself. */
async function htmlFile(html: Built, assets: readonly Built[]): Promise<PageFile> {
  let text = await html.body.text();
  for (const { name } of assets) {
    // The bundler names a file from the root when it builds an executable, and from here otherwise.
    for (const from of ["/", "./"]) {
      text = text.replaceAll(`"${from}${name}"`, `".${pageFolder}${name}"`);
    }
  }
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-cache",
    ETag: `"${Bun.hash(text).toString(16)}"`,
    "Content-Security-Policy": contentSecurityPolicy,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
  };
  return { body: new Blob([text]), headers };
}

function isHtml(file: Built): boolean {
  return file.type.startsWith("text/html");
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
