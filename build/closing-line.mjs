/**
 * The counts of a `bun test` run as one plain line, `N passed, N failed, N skipped`. Read from the
 * console: the JUnit report misses files that fail to load. A run that ended badly without a
 * failed test (a crash, no test file) counts as one failure, so that nobody reads it as success.
 */
export function closingLine(output, exitCode) {
  const escapeCharacter = String.fromCharCode(27);
  const lines = output
    .replaceAll(new RegExp(`${escapeCharacter}\\[[0-9;]*m`, "g"), "")
    .split(/\r?\n/);
  const count = (word) => {
    const found = lines.findLast((line) => new RegExp(`^ *\\d+ ${word}$`).test(line));
    return found === undefined ? 0 : Number.parseInt(found, 10);
  };
  const failed = Math.max(count("fail"), exitCode === 0 ? 0 : 1);
  return `${count("pass")} passed, ${failed} failed, ${count("skip") + count("todo")} skipped`;
}
