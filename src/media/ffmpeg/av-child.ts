import { readSync, writeSync } from "node:fs";
import type { FileSink } from "bun";
import type { Encoder, FilterAPI, Muxer } from "node-av/api";
import type { FFEncoderCodec } from "node-av/constants";
import type { Frame, Packet } from "node-av/lib";
import type { AvAbout, AvTask } from "./av.ts";
import type { FileOutput, Recipe, RecipeEncoder } from "./recipe.ts";

type AvApi = typeof import("node-av/api");

const taskBytesMax = 64 * 1024;
/** Frames between two lines of progress. */
const progressFrames = 8;

/**
 * The life of the child process around the library: one task from standard input, raw frames or
 * progress to standard output, and the end. A crash, a hang or a kill takes only this process.
 * The library is used synchronously: nothing else happens here, and the pipes give the pace.
 */
export async function runAvChild(): Promise<never> {
  try {
    // A sink waits for its reader, also where somebody has made standard output non-blocking.
    await perform(readTask(), Bun.stdout.writer());
  } catch (error) {
    writeSync(2, `${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  }
  // Leaving in the ordinary way crashes in the library's finalizers, after the work is done.
  process.exit(0);
}

async function perform(task: AvTask, sink: FileSink): Promise<void> {
  // By these names and nowhere else: a build embeds the package or leaves it out.
  const library = await import("node-av/lib");
  const { AV_LOG_ERROR } = await import("node-av/constants");
  // Errors only, so that the last line on standard error is the reason.
  library.Log.setLevel(AV_LOG_ERROR);
  if (task.kind === "run") return runRecipe(await import("node-av/api"), task.recipe, sink);
  const encoders = library.Codec.getCodecList().filter((codec) => codec.isEncoder());
  const about: AvAbout = {
    version: library.getFFmpegInfo().version,
    encoders: encoders.map(({ name }) => name ?? ""),
  };
  await send(sink, JSON.stringify(about));
}

async function runRecipe(
  av: AvApi,
  { input, filter, output }: Recipe,
  sink: FileSink,
): Promise<void> {
  const demuxer = av.Demuxer.openSync(input.url, {
    format: input.format,
    options: { ...input.options, protocol_whitelist: input.protocol },
  });
  const stream = demuxer.video();
  if (!stream) throw new Error("there is no video in the input");
  const packets = demuxer.packetsSync(stream.index);
  if (output.to === "file" && output.encoder === "copy") {
    const muxer = openMuxer(av, output);
    return writePackets(muxer, { streamIndex: muxer.addStream(stream), packets }, sink);
  }
  const decoder = av.Decoder.createSync(stream);
  // As the command does: some encoders take no frames of which they do not know the rate.
  const { num, den } = stream.avgFrameRate;
  const rate = num > 0 ? { framerate: { num, den } } : {};
  const chain = av.FilterAPI.create(filter ?? "null", rate);
  const frames = chain.framesSync(decoder.framesSync(packets));
  if (output.to === "frames") {
    await writeFrames(frames, output.framesMax, sink);
  } else if (output.encoder !== "copy") {
    const encoder = openEncoder(av, output.encoder, chain);
    const muxer = openMuxer(av, output);
    const encoded = encoder.packetsSync(frames);
    await writePackets(muxer, { streamIndex: muxer.addStream(encoder), packets: encoded }, sink);
  }
}

function openEncoder(av: AvApi, { name, options }: RecipeEncoder, filter: FilterAPI): Encoder {
  // The quality sets the rate; the library's default bit rate would overrule it.
  return av.Encoder.createSync(name as FFEncoderCodec, { filter, bitrate: 0, options });
}

function openMuxer(av: AvApi, { path, format, options }: FileOutput): Muxer {
  return av.Muxer.openSync(path, { format, options });
}

interface PacketStream {
  readonly streamIndex: number;
  readonly packets: Iterable<Packet | null>;
}

async function writePackets(
  muxer: Muxer,
  { streamIndex, packets }: PacketStream,
  sink: FileSink,
): Promise<void> {
  let written = 0;
  for (const packet of packets) {
    // The last one is null: it tells the muxer to let go of what it holds back.
    muxer.writePacketSync(packet, streamIndex);
    if (!packet) continue;
    packet.free();
    if (++written % progressFrames === 0) await sendProgress(sink, written);
  }
  muxer.closeSync();
  await sendProgress(sink, written);
}

async function writeFrames(
  frames: Iterable<Frame | null>,
  framesMax: number | undefined,
  sink: FileSink,
): Promise<void> {
  let written = 0;
  for (const frame of frames) {
    if (!frame) continue;
    await send(sink, frame.toBuffer());
    frame.free();
    if (++written === framesMax) return;
  }
}

/** In the words of the ffmpeg command. */
function sendProgress(sink: FileSink, frames: number): Promise<void> {
  return send(sink, `frame=${frames}\n`);
}

async function send(sink: FileSink, content: string | Uint8Array): Promise<void> {
  await sink.write(content);
  await sink.flush();
}

/** Reads to the first line feed and not a byte further: what follows are the library's frames. */
function readTask(): AvTask {
  const line = Buffer.alloc(taskBytesMax);
  for (let length = 0; length < taskBytesMax; length++) {
    if (readSync(0, line, length, 1, null) === 0) throw new Error("no task was given");
    if (line[length] === 10) return JSON.parse(line.toString("utf8", 0, length)) as AvTask;
  }
  throw new Error("the task is too long");
}

// From source this file is the child's entry point; the executable is started as `__av`.
if (import.meta.main) await runAvChild();
