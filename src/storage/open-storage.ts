import { type DiskStorageConfig, openDisk } from "./disk.ts";
import { openS3 } from "./s3.ts";
import type { S3StorageConfig } from "./s3-client.ts";
import type { Storage } from "./storage.ts";

export type StorageConfig = DiskStorageConfig | S3StorageConfig;

/**
 * Opens the storage that the settings name. For the disk, the caller holds the lock of the data
 * directory: files that another process is just writing would be removed.
 *
 * @throws AppError `invalid_config` when the settings cannot be used.
 */
export function openStorage(config: StorageConfig): Storage {
  switch (config.kind) {
    case "disk":
      return openDisk(config);
    case "s3":
      return openS3(config);
  }
}
