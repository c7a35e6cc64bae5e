import { errors } from "./statements/errors.ts";
import { lifecycle } from "./statements/lifecycle.ts";
import { regenerate } from "./statements/regenerate.ts";
import { sse } from "./statements/sse.ts";
import type { Statement } from "./statements/statement.ts";

/** Everything that four of the public pages state, one row a statement; its id is page and number. */
export const statements = { ...lifecycle, ...errors, ...regenerate, ...sse };

export type StatementId = keyof typeof statements;

export const statementRows = Object.entries(statements) as readonly (readonly [
  StatementId,
  Statement,
])[];
