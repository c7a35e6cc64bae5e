import { t } from "elysia";

/**
 * One of some words. The framework's own `UnionEnum` says that its first word is the default, and
 * the framework then fills that in wherever a request leaves the field out.
 */
export function choice<const T extends readonly string[]>(
  values: T,
  options: { readonly description?: string } = {},
) {
  return t.UnionEnum(values as unknown as [T[number], ...T[number][]], {
    error: `Expected one of ${values.join(", ")}`,
    ...options,
    default: undefined,
  });
}
