/** Thrown by a deadline that passed. */
export function timeoutError(timeoutMs: number): Error {
  return new Error(`no progress within ${timeoutMs} ms`);
}

/** Settles as `operation` does, or rejects once `timeoutMs` have passed. */
export async function withDeadline<T>(timeoutMs: number, operation: () => Promise<T>): Promise<T> {
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => deadline.reject(timeoutError(timeoutMs)), timeoutMs);
  try {
    return await Promise.race([operation(), deadline.promise]);
  } finally {
    clearTimeout(timer);
  }
}
