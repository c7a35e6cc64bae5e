import { Command, CommanderError } from "commander";
import { AppError } from "../errors.ts";
import { addAdmin } from "./admin.ts";
import { addAnimate } from "./animate/animate-command.ts";
import type { AddCommand } from "./command.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-code.ts";
import { addHealth } from "./health.ts";
import type { Io } from "./io.ts";
import { addServe } from "./serve/serve-command.ts";
import { addSign } from "./sign.ts";
import { addVersion } from "./version.ts";

const commands: readonly AddCommand[] = [
  addServe,
  addAnimate,
  addSign,
  addHealth,
  addAdmin,
  addVersion,
];

/**
 * Runs the command that `args` name to its end. Never throws: what goes wrong is told and coded.
 */
export async function runProgram(args: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  const program = createProgram(io, (finished) => {
    code = finished;
  });
  try {
    await program.parseAsync(withCommand(args), { from: "user" });
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    }
    io.stderr.write(`${describe(thrown)}\n`);
    return exitCodeOf(thrown);
  }
}

function createProgram(io: Io, finish: (code: ExitCode) => void): Command {
  const program = new Command("motioness")
    .description("Turns the image behind a URL into a seamless looping clip.")
    .usage("[command] [options]")
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show the help of a command")
    .exitOverride()
    .showHelpAfterError("(--help shows what there is)")
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .addHelpText("after", footer);
  for (const add of commands) add(program, io, finish);
  program
    .command("__av", { hidden: true })
    .action(async () => (await import("../media/ffmpeg/av-child.ts")).runAvChild());
  return program;
}

const footer = `
Without a command, \`serve\` runs. Each command has its own --help.

Exit codes:
  0 done, 1 failed, 2 wrong usage, 3 not healthy, 4 invalid settings, 5 no clip, 6 timed out

Examples:
  motioness                                  start the server and print its link
  motioness animate photo.jpg -o photo.mp4   make one clip, without a server
  motioness sign https://cdn.acme.com/a.png  print a signed URL for a picture`;

/**
 * No command means `serve`, with its options; `--version` is a command that looks like an option.
 */
function withCommand(args: readonly string[]): readonly string[] {
  const first = args[0];
  if (first === "--version" || first === "-V") return ["version", ...args.slice(1)];
  const isOption = first === undefined || first.startsWith("-");
  return isOption && first !== "--help" && first !== "-h" ? ["serve", ...args] : args;
}

/**
 * Our own errors speak for themselves and for their causes; of any other the stack is what helps.
 */
function describe(thrown: unknown): string {
  if (!(thrown instanceof AppError)) {
    const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown;
    return `unexpected error: ${detail}`;
  }
  const lines = [`error: ${thrown.message}`];
  let cause = thrown.cause;
  for (let depth = 0; cause !== undefined && depth < causesMax; depth++) {
    lines.push(`  because: ${cause instanceof Error ? cause.message : cause}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return lines.join("\n");
}

/** No chain of errors is worth reading further down. */
const causesMax = 5;
