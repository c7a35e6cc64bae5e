/** The public address of an upload, by its storage key `uploads/{user}/{file}`. */
export function uploadUrl(baseUrl: string, key: string): string {
  return `${baseUrl}/${key}`;
}

/**
 * The storage key behind a source that is an upload to this server, or undefined for any other
 * source. Own uploads are read from storage, never over HTTP.
 * @param src a source URL in its canonical form.
 */
export function findUploadKey(baseUrl: string, src: string): string | undefined {
  const prefix = `${baseUrl}/`;
  if (!src.startsWith(prefix)) return undefined;
  return parseUploadKey(src.slice(prefix.length));
}

/** The key, when `text` could be one; uploads are named by us, so there is one pattern. */
export function parseUploadKey(text: string): string | undefined {
  return /^uploads\/[a-z0-9_-]{1,64}\/[a-z0-9-]{1,64}\.(png|jpg|webp)$/.test(text)
    ? text
    : undefined;
}
