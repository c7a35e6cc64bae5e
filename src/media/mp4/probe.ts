import { type FileHandle, open } from "node:fs/promises";
import { AppError } from "../../errors.ts";
import type { ClipInfo, MediaOptions } from "../media.ts";
import { Mp4Error, readBoxes, readBoxHeader } from "./mp4-boxes.ts";
import { handlerOf, readVideoTrack } from "./mp4-track.ts";

/** The index of an hour of video is a few megabytes. */
const indexBytesMax = 32 * 1024 * 1024;
const topBoxesMax = 1000;

/**
 * What a clip is, read from the tables of the mp4 itself rather than asked of ffmpeg: only the
 * command `ffmpeg` may be relied on, not `ffprobe`; both kinds of tool then give the same answer;
 * and the tables are exactly what a browser reads. Each frame is counted and must lie inside the
 * file, so a clip that was cut off is refused. Takes no process and about a millisecond.
 * @throws AppError `i2v_failed` that says what is wrong with the file.
 */
export async function probeClip(path: string, options: MediaOptions = {}): Promise<ClipInfo> {
  if (options.signal?.aborted) {
    throw new AppError("cancelled", "the work was cancelled", { cause: options.signal.reason });
  }
  const file = await openClip(path);
  try {
    return await readClip(file);
  } catch (cause) {
    // A DataView throws RangeError where a table ends before its box says.
    if (!(cause instanceof Mp4Error || cause instanceof RangeError)) throw cause;
    const reason = cause instanceof Mp4Error ? cause.message : "a table is cut off";
    throw new AppError("i2v_failed", `the clip is no usable mp4: ${reason}`, { cause });
  } finally {
    await file.close();
  }
}

async function openClip(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (cause) {
    throw new AppError("i2v_failed", "there is no clip to read", { cause });
  }
}

async function readClip(file: FileHandle): Promise<ClipInfo> {
  const { index, indexStart, mediaStart, fileBytes } = await readTopLevel(file);
  const boxes = readBoxes(index);
  if (boxes.some(({ type }) => type === "mvex")) {
    throw new Mp4Error("it is fragmented; its frames are not in the index");
  }
  const tracks = boxes.filter(({ type }) => type === "trak").map(({ body }) => body);
  const video = tracks.find((track) => handlerOf(track) === "vide");
  if (!video) throw new Mp4Error("there is no video in it");
  const { mediaEnd, ...track } = readVideoTrack(video);
  if (mediaEnd > fileBytes) throw new Mp4Error("it is cut off");
  return {
    ...track,
    hasAudio: tracks.some((other) => handlerOf(other) === "soun"),
    isFastStart: mediaStart !== undefined && indexStart < mediaStart,
  };
}

interface TopLevel {
  readonly index: DataView;
  readonly indexStart: number;
  readonly mediaStart: number | undefined;
  readonly fileBytes: number;
}

/** Steps over the boxes of the file and reads only the index. */
async function readTopLevel(file: FileHandle): Promise<TopLevel> {
  const { size: fileBytes } = await file.stat();
  let mediaStart: number | undefined;
  let found: { readonly index: DataView; readonly indexStart: number } | undefined;
  let isFirst = true;
  let boxes = 0;
  for (let offset = 0; offset < fileBytes; ) {
    if (++boxes > topBoxesMax) throw new Mp4Error("there are too many boxes");
    const header = readBoxHeader(await readAt(file, offset, Math.min(16, fileBytes - offset)));
    if (isFirst && header.type !== "ftyp") throw new Mp4Error("it does not begin as an mp4 does");
    isFirst = false;
    const size = header.size === "rest" ? fileBytes - offset : header.size;
    if (offset + size > fileBytes) throw new Mp4Error("it is cut off");
    if (header.type === "mdat") mediaStart ??= offset;
    if (header.type === "moov" && !found) {
      const bodyBytes = size - header.headerSize;
      if (bodyBytes > indexBytesMax) throw new Mp4Error("its index is too large");
      const index = await readAt(file, offset + header.headerSize, bodyBytes);
      found = { index, indexStart: offset };
    }
    offset += size;
  }
  if (!found) throw new Mp4Error(fileBytes === 0 ? "the file is empty" : "it has no index");
  return { ...found, mediaStart, fileBytes };
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<DataView> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset);
  if (bytesRead < length) throw new Mp4Error("it is cut off");
  return new DataView(bytes.buffer);
}
