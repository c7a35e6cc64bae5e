import { createHash, createHmac } from "node:crypto";

export interface S3Account {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * One request signed by hand (AWS Signature Version 4, header form, empty body): for what
 * Bun.S3Client has no call for, such as making a bucket or listing unfinished uploads.
 */
export async function s3Request(
  account: S3Account,
  method: string,
  path: string,
  query = "",
): Promise<Response> {
  const endpoint = new URL(account.endpoint);
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = time.slice(0, 8);
  const bodyHash = createHash("sha256").digest("hex");
  const scope = `${day}/us-east-1/s3/aws4_request`;
  const canonical = [
    method,
    path,
    query,
    `host:${endpoint.host}`,
    `x-amz-content-sha256:${bodyHash}`,
    `x-amz-date:${time}`,
    "",
    "host;x-amz-content-sha256;x-amz-date",
    bodyHash,
  ].join("\n");
  const digest = createHash("sha256").update(canonical).digest("hex");
  const key = [day, "us-east-1", "s3", "aws4_request"].reduce<string | Buffer>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${account.secretAccessKey}`,
  );
  const signature = createHmac("sha256", key)
    .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${digest}`)
    .digest("hex");
  return fetch(new URL(query === "" ? path : `${path}?${query}`, endpoint), {
    method,
    proxy: false,
    headers: {
      "x-amz-content-sha256": bodyHash,
      "x-amz-date": time,
      authorization:
        `AWS4-HMAC-SHA256 Credential=${account.accessKeyId}/${scope}, ` +
        `SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=${signature}`,
    },
  });
}

/** Makes the bucket; there being one already is fine. */
export async function createBucket(account: S3Account, bucket: string): Promise<void> {
  const response = await s3Request(account, "PUT", `/${bucket}`);
  if (!response.ok && response.status !== 409) {
    throw new Error(`bucket ${bucket}: ${response.status} ${await response.text()}`);
  }
}

/** The multi-part uploads that were begun and neither finished nor given up. */
export async function countUnfinishedUploads(account: S3Account, bucket: string): Promise<number> {
  const response = await s3Request(account, "GET", `/${bucket}`, "uploads=");
  if (!response.ok) throw new Error(`uploads of ${bucket}: ${response.status}`);
  return (await response.text()).split("<UploadId>").length - 1;
}
