import type { MediaTool } from "../media.ts";
import type { FileOutput, FramesOutput, Recipe, RecipeOptions } from "./recipe.ts";

/** The first version with `-fps_mode`, which keeps every frame exactly once. */
const versionMin = { major: 5, minor: 1 };

const encodersNeeded = ["libx264", "rawvideo"];
const filtersNeeded = ["format", "scale", "setparams", "trim"];

/** A command that does not answer such a question at once will not serve as an encoder either. */
const probeTimeoutMs = 10_000;
const answerBytesMax = 1024 * 1024;

/** A recipe as arguments of the ffmpeg command. */
export function commandArguments(recipe: Recipe): readonly string[] {
  const { input, filter, output } = recipe;
  return [
    ...["-hide_banner", "-nostdin", "-v", "error", "-nostats", "-y"],
    ...["-f", input.format, "-protocol_whitelist", input.protocol],
    ...flags(input.options),
    ...["-i", input.url, "-map", "0:v:0"],
    ...(filter === undefined ? [] : ["-vf", filter]),
    ...(output.to === "file" ? fileArguments(output) : framesArguments(output)),
  ];
}

function fileArguments({ path, format, encoder, options }: FileOutput): readonly string[] {
  const coding =
    encoder === "copy"
      ? ["-c:v", "copy"]
      : ["-c:v", encoder.name, ...flags(encoder.options, ":v"), "-fps_mode", "passthrough"];
  return [
    ...coding,
    ...["-map_metadata", "-1", "-progress", "pipe:1", "-stats_period", "0.2"],
    ...flags(options),
    ...["-f", format, `file:${path}`],
  ];
}

function framesArguments({ framesMax }: FramesOutput): readonly string[] {
  return [
    ...["-fps_mode", "passthrough"],
    ...(framesMax === undefined ? [] : ["-frames:v", String(framesMax)]),
    ...["-f", "rawvideo", "pipe:1"],
  ];
}

function flags(options: RecipeOptions, suffix = ""): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => [`-${name}${suffix}`, value]);
}

/** The command at `path` when it can do all we ask of it, and else what is wrong with it. */
export async function examineCommand(
  path: string,
): Promise<MediaTool | { readonly problem: string }> {
  try {
    const [about, encoderList, filterList] = await Promise.all([
      ask(path, "-version"),
      ask(path, "-encoders"),
      ask(path, "-filters"),
    ]);
    const version = /^ffmpeg version (\S+)/.exec(about)?.[1];
    if (version === undefined) return { problem: "does not answer as ffmpeg does" };
    if (isTooOld(version)) {
      return {
        problem: `is version ${version}, older than ${versionMin.major}.${versionMin.minor}`,
      };
    }
    const encoders = namesIn(encoderList, /^ [VAS][A-Z.]{5} ([\w-]+)/gm);
    const filters = namesIn(filterList, /^ [A-Z.]{2,3} +([\w-]+) +\S+->/gm);
    const missing = [
      ...encodersNeeded.filter((name) => !encoders.has(name)).map((name) => `encoder ${name}`),
      ...filtersNeeded.filter((name) => !filters.has(name)).map((name) => `filter ${name}`),
    ];
    if (missing.length > 0) return { problem: `was built without the ${missing.join(", ")}` };
    return { kind: "command", version, path, argv: [path], encoders };
  } catch (error) {
    return { problem: `cannot be run: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function ask(path: string, question: string): Promise<string> {
  const asked = Bun.spawn([path, "-hide_banner", question], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
    timeout: probeTimeoutMs,
    maxBuffer: answerBytesMax,
    killSignal: "SIGKILL",
  });
  const answer = await new Response(asked.stdout).text();
  await asked.exited;
  if (asked.signalCode !== null) throw new Error(`${question} was ended by ${asked.signalCode}`);
  return answer;
}

/** Builds of the day carry no number (`N-109…`): they are judged by what they can do. */
function isTooOld(version: string): boolean {
  const numbers = /^n?(\d+)(?:\.(\d+))?/.exec(version);
  if (!numbers) return false;
  const major = Number(numbers[1]);
  const minor = Number(numbers[2] ?? 0);
  return major < versionMin.major || (major === versionMin.major && minor < versionMin.minor);
}

function namesIn(list: string, pattern: RegExp): ReadonlySet<string> {
  return new Set([...list.matchAll(pattern)].map((found) => found[1] ?? ""));
}
