/** Whether a path, with its query, may be read. */
export type RobotsRules = (path: string) => boolean;

interface Rule {
  readonly allows: boolean;
  readonly pattern: string;
}

const linesMax = 2000;
const rulesMax = 500;
const patternLengthMax = 512;

/**
 * What a `robots.txt` lets an agent read (RFC 9309): the rules of the groups that name it, else of
 * those for `*`; the longest pattern that matches decides, and `Allow` wins a tie.
 */
export function parseRobots(text: string, agent: string): RobotsRules {
  const groups = groupsOf(text);
  const own = groups.filter(({ agents }) => agents.includes(agent.toLowerCase()));
  const chosen = own.length > 0 ? own : groups.filter(({ agents }) => agents.includes("*"));
  const rules = chosen.flatMap(({ rules }) => rules).slice(0, rulesMax);
  return (path) => {
    const matching = rules.filter(({ pattern }) => matches(pattern, path));
    const longest = Math.max(-1, ...matching.map(({ pattern }) => pattern.length));
    const deciding = matching.filter(({ pattern }) => pattern.length === longest);
    return deciding.length === 0 || deciding.some(({ allows }) => allows);
  };
}

interface Group {
  readonly agents: string[];
  readonly rules: Rule[];
}

function groupsOf(text: string): readonly Group[] {
  const groups: Group[] = [];
  for (const line of text.split(/\r\n?|\n/, linesMax)) {
    const [, key, value = ""] = /^\s*([a-z-]+)\s*:\s*([^#]*)/i.exec(line) ?? [];
    const name = key?.toLowerCase();
    const last = groups.at(-1);
    if (name === "user-agent") {
      const agent = value.trim().toLowerCase();
      if (last && last.rules.length === 0) last.agents.push(agent);
      else groups.push({ agents: [agent], rules: [] });
    } else if (last && (name === "allow" || name === "disallow")) {
      const pattern = value.trim().slice(0, patternLengthMax);
      // An empty one matches nothing, which is how everything is allowed.
      last.rules.push({ allows: name === "allow" || pattern === "", pattern });
    }
  }
  return groups;
}

/** `*` stands for anything, `$` at the end for the end. Each piece is looked for once, in order. */
function matches(pattern: string, path: string): boolean {
  if (pattern === "") return false;
  const isAnchored = pattern.endsWith("$");
  const [first = "", ...rest] = (isAnchored ? pattern.slice(0, -1) : pattern).split("*");
  if (!path.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest.slice(0, isAnchored ? -1 : undefined)) {
    const found = path.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  if (!isAnchored) return true;
  const last = rest.at(-1);
  return last === undefined
    ? at === path.length
    : path.length - last.length >= at && path.endsWith(last);
}
