import { AppError } from "../../src/errors.ts";

/** The AppError that the work must end with. */
export async function errorOf(work: Promise<unknown>): Promise<AppError> {
  const thrown = await work.then(
    (value) => `the value ${value}`,
    (error) => error,
  );
  if (thrown instanceof AppError) return thrown;
  throw new Error(`expected an AppError, got ${thrown}`, { cause: thrown });
}

/** The code of the AppError that the work must end with. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  return (await errorOf(work)).code;
}
