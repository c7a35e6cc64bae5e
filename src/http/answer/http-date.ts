const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";

/** A time as HTTP writes it, in whole seconds: `Sun, 06 Nov 1994 08:49:37 GMT`. */
export function formatHttpDate(ms: number): string {
  return new Date(ms).toUTCString();
}

/**
 * Reads a date in any of the three forms of RFC 9110 §5.6.7.
 * @returns Unix milliseconds, or undefined for anything else: such a header counts as not sent.
 */
export function parseHttpDate(text: string | null): number | undefined {
  if (text === null) return undefined;
  const fields = imf.exec(text)?.groups ?? rfc850.exec(text)?.groups ?? asctime.exec(text)?.groups;
  if (!fields) return undefined;
  const { day, month = "", year = "", hour, minute, second } = fields;
  const monthIndex = months.indexOf(month) / 4;
  const ms = Date.UTC(
    fullYear(year),
    monthIndex,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  return Number.isNaN(ms) ? undefined : ms;
}

const time = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";
const month = `(?<month>${months.replaceAll(" ", "|")})`;
const imf = new RegExp(`^[A-Z][a-z]{2}, (?<day>\\d\\d) ${month} (?<year>\\d{4}) ${time} GMT$`);
const rfc850 = new RegExp(`^[A-Z][a-z]+day, (?<day>\\d\\d)-${month}-(?<year>\\d\\d) ${time} GMT$`);
const asctime = new RegExp(`^[A-Z][a-z]{2} ${month} (?<day>[ \\d]\\d) ${time} (?<year>\\d{4})$`);

/** Two digits are the century that keeps the year from lying far ahead; such senders are old. */
function fullYear(digits: string): number {
  if (digits.length === 4) return Number(digits);
  return Number(digits) + (Number(digits) < 70 ? 2000 : 1900);
}
