import { AppError } from "../../errors.ts";

/** One fault, as the schema library reports it. */
interface Fault {
  readonly path: string;
  readonly message: string;
  /**
   * The part of the schema that was not met: its `error` is what people are told, and its `field`
   * the name of a number in a query, which has no path.
   */
  readonly schema?: {
    readonly error?: unknown;
    readonly field?: unknown;
    readonly anyOf?: unknown;
  };
  /** Of a union: for each of its kinds, why the value is none of that kind. */
  readonly errors?: readonly Iterable<unknown>[];
}

const faultsMax = 50;

/**
 * What the framework throws by itself, in the documented shapes: 400 with the faults by field, or
 * 404 when the path itself names nothing that could exist. Anything else is passed on.
 */
export function frameworkError(code: string | number, thrown: unknown): unknown {
  if (code === "VALIDATION") return validationError(thrown);
  if (code !== "PARSE") return thrown;
  // A refusal of our own parser.
  if (thrown instanceof Error && thrown.cause instanceof AppError) return thrown.cause;
  return new AppError("invalid_request", "the body cannot be read", { cause: thrown });
}

function validationError(thrown: unknown): unknown {
  const { type, all } = thrown as { readonly type?: string; readonly all?: readonly unknown[] };
  // An answer of ours that is none of those the route states: no fault of the caller.
  if (type === "response") return thrown;
  if (type === "params") return new AppError("not_found", "not found", { cause: thrown });
  // No object, for a field may be called `__proto__`.
  const fieldErrors = new Map<string, readonly string[]>();
  const formErrors: string[] = [];
  const faults = (all ?? []).filter(isFault).slice(0, faultsMax).flatMap(withinUnion);
  for (const fault of faults.slice(0, faultsMax)) {
    const { error, field: named } = fault.schema ?? {};
    const [, first, ...within] = fault.path.split("/");
    const field = first ?? (typeof named === "string" ? named : "");
    const said = typeof error === "string" ? error : fault.message;
    const message = within.length === 0 ? said : `${within.join(".")}: ${said}`;
    if (field === "") formErrors.push(message);
    // A missing field breaks each of its rules; one sentence tells it.
    else fieldErrors.set(field, [...new Set([...(fieldErrors.get(field) ?? []), message])]);
  }
  return new AppError("invalid_request", "Validation failed", {
    cause: thrown,
    details: { details: { fieldErrors: Object.fromEntries(fieldErrors), formErrors } },
  });
}

/**
 * That a value is none of several kinds says nothing. Where one kind is null, the value was meant
 * to be of the other, and what is wrong with it there is told; where all are words, those.
 */
function withinUnion(fault: Fault): readonly Fault[] {
  const { schema, errors = [] } = fault;
  const kinds: readonly unknown[] = Array.isArray(schema?.anyOf) ? schema.anyOf : [];
  if (kinds.length === 0 || typeof schema?.error === "string") return [fault];
  const other = kinds.findIndex((kind) => !isNull(kind));
  if (kinds.length === 2 && kinds.some(isNull)) {
    const inner = [...(errors[other] ?? [])].filter(isFault).slice(0, faultsMax);
    return inner.length > 0 ? inner.flatMap(withinUnion) : [fault];
  }
  const words = kinds.map(wordOf);
  if (words.includes(undefined)) return [fault];
  return [{ path: fault.path, message: `Expected one of ${words.join(", ")}` }];
}

function isNull(kind: unknown): boolean {
  return typeof kind === "object" && kind !== null && "type" in kind && kind.type === "null";
}

function wordOf(kind: unknown): string | undefined {
  if (typeof kind !== "object" || kind === null || !("const" in kind)) return undefined;
  return typeof kind.const === "string" ? kind.const : undefined;
}

function isFault(value: unknown): value is Fault {
  if (typeof value !== "object" || value === null) return false;
  return "path" in value && "message" in value && typeof value.path === "string";
}
