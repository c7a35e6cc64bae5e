import { Option } from "commander";
import { integer } from "../config/readers.ts";
import { aspects, durationSecondsMax, durationSecondsMin, modes, motions } from "../scene/plan.ts";
import type { AnimateOptions } from "./animate.ts";
import type { AddCommand } from "./command.ts";
import { takes } from "./option.ts";

/** `motioness animate`: one still to one clip, with no server. */
export const addAnimate: AddCommand = (program, io, finish) => {
  program
    .command("animate")
    .summary("make one clip of a picture, without a server")
    .description(
      "Makes one mp4 of one picture (jpg, png or webp), on this machine alone. The same options " +
        "and the same ffmpeg give the same bytes, here and from a server.",
    )
    .argument("<picture>", "the file to animate")
    .option("-o, --output <file>", "where the clip goes (default: the picture's name with .mp4)")
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
    .option("--force", "replace the output when it is there already")
    .option("--json", "print one JSON object about the clip")
    .addHelpText("after", examples)
    .action(async (picture: string, options: AnimateOptions) => {
      const { animate } = await import("./animate.ts");
      finish(await animate(io, picture, options));
    });
};

const examples = `
Examples:
  motioness animate photo.jpg
  motioness animate photo.jpg -o loop.mp4 --motion subtle --dur 6 --aspect 16:9
  motioness animate photo.jpg --seed 2 --force --json`;
