/** What somebody who started a server wants to see at once. */
export interface ServerFacts {
  readonly version: string;
  readonly target: string;
  readonly dataDir: string;
  /** Whether the data folder was made by this start. */
  readonly isNew: boolean;
  readonly freeBytes: number | undefined;
  readonly database: string;
  readonly storage: string;
  readonly secret: string;
  readonly ffmpeg: string;
  readonly vision: string;
  readonly motion: string;
  /** A link that can be followed on this machine, or the socket's path. */
  readonly url: string;
  /** Whether the page at the link can be used as it is. */
  readonly hasDemo: boolean;
  readonly publicUrl: string | undefined;
  /** Makes the first administrator; undefined when there is one. */
  readonly setupUrl: string | undefined;
  /** How other machines reach a listener on all addresses. */
  readonly networkUrls: readonly string[];
}

/** The lines that greet a terminal. The link stands last, where the eye ends up. */
export function banner(facts: ServerFacts): string {
  const state = facts.isNew ? "new" : "existing";
  const free = facts.freeBytes === undefined ? "" : `; ${gigabytes(facts.freeBytes)} GB free`;
  const rows: readonly (readonly [string, string])[] = [
    ["data", `${facts.dataDir} (${state}${free})`],
    ["database", facts.database],
    ["storage", facts.storage],
    ["secret", facts.secret],
    ["ffmpeg", facts.ffmpeg],
    ["vision", facts.vision],
    ["motion", facts.motion],
    ...facts.networkUrls.map((url) => ["network", url] as const),
    ...(facts.publicUrl === undefined ? [] : ([["public", facts.publicUrl]] as const)),
  ];
  const lines = rows.map(([name, value]) => `  ${name.padEnd(10)}${value}`);
  const invitation = facts.hasDemo ? "Open this link and drop a picture on it:" : "Listening on:";
  return [
    `motioness ${facts.version} (${facts.target})`,
    ...lines,
    "",
    ...(facts.setupUrl === undefined ? [] : setupLines(facts.setupUrl)),
    `  ${invitation}`,
    `  ${facts.url}`,
    "",
  ].join("\n");
}

function setupLines(url: string): readonly string[] {
  return [
    "  There is no administrator yet. To become one, open this link within half an hour:",
    `  ${url}`,
    "  or run: motioness admin create you@example.com",
    "",
  ];
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
