import { join } from "node:path";
import type { S3Account } from "./s3-request.ts";
import { openTemporaryDirectory } from "./temporary-directory.ts";

const program = join(import.meta.dir, "s3rver-process.ts");

export interface S3Server {
  readonly account: S3Account;
  readonly bucket: string;
  close(): Promise<void>;
}

/**
 * Starts s3rver, a small S3 server from npm, with one bucket. It knows one account, and checks
 * signatures in part only: what rests on them is for a real server to show.
 */
export async function startS3rver(): Promise<S3Server> {
  const directory = await openTemporaryDirectory();
  const bucket = "test-bucket";
  const child = Bun.spawn([process.execPath, program, directory.path, bucket], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const found = await readUntil(child.stdout, /listening on 127\.0\.0\.1:(\d+)/);
  return {
    account: {
      endpoint: `http://127.0.0.1:${found[1]}`,
      accessKeyId: "S3RVER",
      secretAccessKey: "S3RVER",
    },
    bucket,
    async close() {
      child.kill();
      await child.exited;
      await directory.close();
    },
  };
}

/** The account on a real S3 server that the environment names, if it names one. */
export function realS3Account(): S3Account | undefined {
  const endpoint = process.env["MOTIONESS_TEST_S3_ENDPOINT"];
  const accessKeyId = process.env["MOTIONESS_TEST_S3_ACCESS_KEY_ID"];
  const secretAccessKey = process.env["MOTIONESS_TEST_S3_SECRET_ACCESS_KEY"];
  if (!endpoint || !accessKeyId || !secretAccessKey) return undefined;
  return { endpoint, accessKeyId, secretAccessKey };
}

/** The process to freeze for a server that hangs, if the environment names one. */
export function realS3Process(): number | undefined {
  const pid = Number(process.env["MOTIONESS_TEST_S3_PID"]);
  return pid > 1 ? pid : undefined;
}

async function readUntil(
  stream: ReadableStream<Uint8Array>,
  pattern: RegExp,
): Promise<RegExpMatchArray> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    const found = text.match(pattern);
    if (found !== null) return found;
  }
  throw new Error(`the output ended without ${pattern}:\n${text}`);
}
