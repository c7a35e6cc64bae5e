/** A boolean of the accounts library: Postgres gives a boolean, SQLite 0 or 1. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 1;
}

/** 0 or 1. */
export type Flag = 0 | 1;
/** Unix milliseconds. */
export type Millis = number;
/** JSON text; the column's comment says of what. */
export type Json = string;
