import { InvalidArgumentError } from "commander";
import type { Reader } from "../config/readers.ts";

/** An option's value, read like a setting: the same words say what was expected. */
export function takes<T>(reader: Reader<T>): (text: string) => T {
  return (text) => {
    const value = reader.read(text);
    if (value === undefined) throw new InvalidArgumentError(`Expected ${reader.expected}.`);
    return value;
  };
}
