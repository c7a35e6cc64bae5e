import { AppError } from "../errors.ts";

const atom = "[A-Za-z0-9_+-]+";
const label = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";

export const emailLengthMax = 255;

/** An e-mail address, as a pattern: none that the accounts library would not take at a sign-in. */
export const emailPattern = `^${atom}(?:[.']${atom})*@(?:${label}\\.)+[A-Za-z]{2,}$`;

/** The address, if somebody could sign in with it. @throws AppError `invalid_request`. */
export function parseEmail(text: string): string {
  if (text.length <= emailLengthMax && new RegExp(emailPattern).test(text)) return text;
  const got = JSON.stringify(text.slice(0, emailLengthMax));
  throw new AppError(
    "invalid_request",
    `got ${got}, expected an e-mail address such as you@example.com, in plain letters`,
  );
}
