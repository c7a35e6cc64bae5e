import type { Caller } from "../../accounts/caller.ts";
import { AppError } from "../../errors.ts";

/** @throws AppError `forbidden` for who is no administrator. */
export function refuseOthers({ role }: Pick<Caller, "role">): void {
  if (role !== "admin") throw new AppError("forbidden", "this is for administrators only");
}
