import { t } from "elysia";
import { emailLengthMax, emailPattern } from "../../accounts/email.ts";
import { passwordLength } from "../../accounts/passwords.ts";
import { fieldError } from "../answer/field-error.ts";

/** An e-mail address. */
export const email = t.String({
  maxLength: emailLengthMax,
  pattern: emailPattern,
  error: "Invalid email",
  examples: ["you@example.com"],
});

export const userName = t.String({
  minLength: 1,
  maxLength: 100,
  error: "Name must be 1 to 100 characters",
  examples: ["Ada Lovelace"],
});

/** A password that is chosen; `checkPassword` says when it is too long. */
export const newPassword = t.String({
  minLength: passwordLength.min,
  error: `Password must be at least ${passwordLength.min} characters`,
  description: `${passwordLength.min} to ${passwordLength.max} characters.`,
});

/** @throws AppError `invalid_request`. */
export function checkPassword(password: string): void {
  if (password.length <= passwordLength.max) return;
  throw fieldError("password", `Password must be at most ${passwordLength.max} characters`);
}

/** What a link or a key carries. */
export const token = t.String({ minLength: 1, maxLength: 100 });

export const publicUser = t.Object(
  { id: t.String(), email: t.String(), name: t.String() },
  { title: "User" },
);
