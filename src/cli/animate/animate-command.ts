import { Option } from "commander";
import { integer, listOf, oneOf } from "../../config/readers.ts";
import {
  aspects,
  durationSecondsMax,
  durationSecondsMin,
  modes,
  motions,
} from "../../scene/plan.ts";
import type { AddCommand } from "../command.ts";
import { takes } from "../option.ts";
import type { AnimateOptions } from "./animate.ts";
import { type ClipFormat, clipFormats } from "./animate-files.ts";

/** `motioness animate`: a clip of each still, with no server. */
export const addAnimate: AddCommand = (program, io, finish) => {
  program
    .command("animate")
    .summary("make clips of pictures, without a server")
    .description(
      "Makes an mp4 of a picture (jpg, png or webp), on this machine alone. The same options and " +
        "the same ffmpeg give the same bytes, here and from a server. Of a folder, a quoted " +
        "pattern or several files it makes a clip beside each; one that fails stops no other.",
    )
    .argument(
      "<picture...>",
      "the file to animate, or files, a folder, a pattern such as 'a/*.jpg'",
    )
    .option("-o, --output <file>", "where the clip goes; of several pictures, a folder")
    .addOption(
      new Option("--format <names>", `also others than mp4: ${clipFormats.join(", ")}`).argParser(
        (text, before: readonly ClipFormat[] = []) => [
          ...new Set([...before, ...takes(formats)(text)]),
        ],
      ),
    )
    .addOption(new Option("--mode <mode>", "how it plays").choices(modes).default("loop"))
    .addOption(
      new Option("--motion <motion>", "how strongly it moves").choices(motions).default("medium"),
    )
    .addOption(
      new Option("--dur <seconds>", `its length, ${durationSecondsMin} to ${durationSecondsMax}`)
        .default(4)
        .argParser(takes(integer(durationSecondsMin, durationSecondsMax))),
    )
    .addOption(
      new Option("--seed <number>", "another number is another take")
        .default(1)
        .argParser(takes(integer(0, 2 ** 31 - 1))),
    )
    .addOption(new Option("--aspect <ratio>", "its framing").choices(aspects).default("preserve"))
    .addOption(
      new Option("--size <pixels>", "the long side, 128 to 1280")
        .default(1280)
        .argParser(takes(integer(128, 1280))),
    )
    .addOption(
      new Option("--jobs <number>", "pictures at work at once, 1 to 16")
        .default(1)
        .argParser(takes(integer(1, 16))),
    )
    .option("--compare", "also draw a sheet to judge by: NAME.compare.png")
    .option("--force", "replace the output when it is there already")
    .option("--json", "print one JSON object about each clip")
    .addHelpText("after", examples)
    .action(async (pictures: readonly string[], options: AnimateOptions) => {
      const { animate } = await import("./animate.ts");
      finish(await animate(io, pictures, options));
    });
};

const formats = listOf(oneOf(...clipFormats), "mp4,webp");

const examples = `
Examples:
  motioness animate photo.jpg
  motioness animate photo.jpg -o loop.mp4 --motion subtle --dur 6 --aspect 16:9
  motioness animate photo.jpg --format mp4,webp --compare
  motioness animate photos/ -o clips/ --jobs 2 --json`;
