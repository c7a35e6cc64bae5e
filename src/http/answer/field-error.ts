import { AppError } from "../../errors.ts";

/** What is wrong with one field, in the documented shape: for what a schema cannot say. */
export function fieldError(field: string, message: string): AppError {
  return new AppError("invalid_request", "Validation failed", {
    details: { details: { fieldErrors: { [field]: [message] }, formErrors: [] } },
  });
}
