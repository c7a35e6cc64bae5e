import { describe, expect, test } from "bun:test";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { commandArguments, examineCommand } from "../../../src/media/ffmpeg/command.ts";
import { remuxRecipe } from "../../../src/media/ffmpeg/recipe.ts";
import { mediaContract } from "../../contracts/media.ts";
import { mediaEndingsContract } from "../../contracts/media-endings.ts";
import { transcodeContract } from "../../contracts/media-transcode.ts";
import { openTemporaryDirectory } from "../../support/temporary-directory.ts";

const path = Bun.which("ffmpeg");
const found = path === null ? { problem: "is not there" } : await examineCommand(path);
const suite = "the ffmpeg command";

if ("kind" in found) {
  describe(suite, () => {
    mediaContract(found);
    mediaEndingsContract(found);
    transcodeContract(found);
  });
} else test.skip(`${suite}: none that can be used, it ${found.problem}`, () => {});

describe("examining a command", () => {
  const encoders = " V..... libx264 H.264\n VF...D rawvideo raw";
  const filters = ["format", "scale", "setparams", "trim"]
    .map((name) => ` ..C ${name}  V->V  does it`)
    .join("\n");
  const answers = { version: "ffmpeg version 6.1.1 Copyright", encoders, filters };

  test.each([
    ["a release", {}, { kind: "command", version: "6.1.1" }],
    ["the oldest that will do", { version: "ffmpeg version 5.1" }, { kind: "command" }],
    ["a build of today", { version: "ffmpeg version N-109-gabc" }, { kind: "command" }],
    ["a build with an n", { version: "ffmpeg version n7.1" }, { kind: "command" }],
    [
      "an old one",
      { version: "ffmpeg version 4.4.2-0" },
      { problem: /4\.4\.2-0, older than 5\.1/ },
    ],
    ["one just too old", { version: "ffmpeg version 5.0.1" }, { problem: /older than 5\.1/ }],
    ["another program", { version: "sox 14" }, { problem: /does not answer as ffmpeg/ }],
    ["one without x264", { encoders: " VF...D rawvideo raw" }, { problem: /the encoder libx264/ }],
    ["one without filters", { filters: "" }, { problem: /filter format, filter scale/ }],
  ])("%s", async (_, changes, expected) => {
    await using directory = await openTool({ ...answers, ...changes });
    const tool = await examineCommand(directory.path);
    for (const [name, value] of Object.entries(expected)) {
      if (value instanceof RegExp) expect(tool[name as keyof typeof tool]).toMatch(value);
      else expect(tool).toMatchObject({ [name]: value });
    }
  });

  test("one that is not there or cannot be run is told as such", async () => {
    expect(await examineCommand("/no/such/ffmpeg")).toMatchObject({
      problem: expect.stringMatching(/^cannot be run: /),
    });
    expect(await examineCommand(import.meta.path)).toMatchObject({
      problem: expect.stringMatching(/^cannot be run: /),
    });
  });
});

describe("the arguments of the command", () => {
  const args = commandArguments(remuxRecipe({ from: "-odd name.mp4", to: "http://a/b.mp4" }));

  test("an input is opened as what it has to be, and from the disk only [P18]", () => {
    const input = args.indexOf("-i");
    expect(args.slice(0, input).join(" ")).toContain("-f mov -protocol_whitelist file");
    expect(args[input + 1]).toBe("file:-odd name.mp4");
  });

  test("no name is ever read as an option or as an address", () => {
    expect(args.at(-1)).toBe("file:http://a/b.mp4");
  });
});

/** A script that answers what ffmpeg is asked. */
async function openTool(answers: Readonly<Record<"version" | "encoders" | "filters", string>>) {
  const directory = await openTemporaryDirectory();
  const path = join(directory.path, "ffmpeg");
  const cases = Object.entries(answers).map(
    ([name, text]) => `-${name}) cat <<'.'\n${text}\n.\n;;`,
  );
  await Bun.write(path, `#!/bin/sh\ncase "$2" in\n${cases.join("\n")}\nesac\n`);
  await chmod(path, 0o755);
  return { path, [Symbol.asyncDispose]: () => directory.close() };
}
