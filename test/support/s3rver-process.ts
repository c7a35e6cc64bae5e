// Runs s3rver until it is killed: s3rver-process.ts DIRECTORY BUCKET. Prints its address.
//
// s3rver answers a write before the file is written, and truncates the file that it replaces at
// some time after that; a read that follows may then see less than an object. S3 promises that a
// read sees the last write that was answered, so answers are held back here until that is so.
import { rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";

interface Written {
  readonly size: number;
}

interface Store {
  getResourcePath(bucket: string, key: string | undefined, resource: string): string;
  putObject(object: { readonly bucket: string; readonly key: string }): Promise<Written>;
  putPart(bucket: string, uploadId: string, part: number, content: unknown): Promise<Written>;
}

interface Server {
  readonly store: Store;
  run(): Promise<{ readonly address: string; readonly port: number }>;
}

const S3rver = createRequire(import.meta.url)("s3rver") as new (options: object) => Server;

const [directory, bucket] = process.argv.slice(2);
const configureBuckets = [{ name: bucket, configs: [] }];
const options = { directory, configureBuckets, address: "127.0.0.1", port: 0, silent: true };
const server = new S3rver(options);

const { store } = server;
const putObject = store.putObject.bind(store);
store.putObject = async (object) => {
  const path = store.getResourcePath(object.bucket, object.key, "object");
  await rm(path, { force: true });
  return whenWritten(path, await putObject(object));
};
const putPart = store.putPart.bind(store);
store.putPart = async (bucketName, uploadId, part, content) => {
  const uploads = store.getResourcePath(bucketName, undefined, "uploads");
  const written = await putPart(bucketName, uploadId, part, content);
  return whenWritten(`${uploads}/${uploadId}/${part}`, written);
};

const { address, port } = await server.run();
console.log(`listening on ${address}:${port}`);

async function whenWritten(path: string, written: Written): Promise<Written> {
  for (let looks = 0; looks < 10_000; looks++) {
    const size = await stat(path).then(
      (found) => found.size,
      () => -1,
    );
    if (size === written.size) return written;
  }
  throw new Error(`${path} was not written`);
}
