import { AppError } from "../errors.ts";

export interface S3StorageConfig {
  readonly kind: "s3";
  /** `http://` or `https://` with a host and nothing more; the bucket goes into the path. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Bun's client for one bucket. Every option is given, because Bun takes from the environment what
 * is not. One it always takes: a session token in `AWS_SESSION_TOKEN` or `S3_SESSION_TOKEN` is sent
 * along, and a server that looks at it refuses these keys.
 *
 * An access key with reserved characters is refused: it is part of the credential that is signed,
 * Bun does not encode it in presigned URLs, and the server then refuses a signature that the
 * settings seemed to allow.
 *
 * @throws AppError `invalid_config` naming everything that is wrong.
 */
export function createClient(config: S3StorageConfig): Bun.S3Client {
  const problems = checks.filter(({ isRight }) => !isRight(config)).map(({ expected }) => expected);
  if (problems.length > 0) {
    throw new AppError("invalid_config", `S3 storage: ${problems.join("; ")}`);
  }
  return new Bun.S3Client({
    endpoint: config.endpoint,
    bucket: config.bucket,
    region: config.region,
    accessKeyId: config.accessKeyId,
    secretAccessKey: config.secretAccessKey,
  });
}

const checks: readonly {
  readonly expected: string;
  readonly isRight: (config: S3StorageConfig) => boolean;
}[] = [
  {
    expected: "the endpoint must be http:// or https:// with a host and an optional port only",
    isRight: ({ endpoint }) =>
      /^https?:\/\/[^/?#@\s]+\/?$/.test(endpoint) && URL.canParse(endpoint),
  },
  {
    expected: "the bucket name must be 3 to 63 of a-z, 0-9, dot and dash",
    isRight: ({ bucket }) => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket),
  },
  {
    expected: "the region must be a name such as us-east-1 or auto",
    isRight: ({ region }) => /^[a-z0-9-]{1,64}$/.test(region),
  },
  {
    expected: "the access key must be of letters, digits, dot, dash, underscore and tilde",
    isRight: ({ accessKeyId }) => /^[A-Za-z0-9._~-]{1,256}$/.test(accessKeyId),
  },
  {
    expected: "the secret key must not be empty or contain white space",
    isRight: ({ secretAccessKey }) => /^\S{1,1024}$/.test(secretAccessKey),
  },
];
