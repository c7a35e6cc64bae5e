import type { Command } from "commander";
import type { ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";

/** Adds one command to the program. What it ends with is handed to `finish`. */
export type AddCommand = (program: Command, io: Io, finish: (code: ExitCode) => void) => void;
