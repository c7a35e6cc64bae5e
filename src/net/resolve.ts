import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

/** The addresses of a host name. Rejects, or gives none, when there is no such name. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** As every other program of this machine resolves names: hosts file, search list, DNS. */
export const resolveBySystem: Resolve = async (hostname) => {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
};

const addressesMax = 4;

/**
 * The addresses to try for a host, IPv4 first, because a machine whose IPv6 leads nowhere answers
 * with silence and costs the whole time limit. An address needs no look-up.
 *
 * @returns none when there is no such name.
 * @throws when the name service did not answer: asking again may help.
 */
export async function resolveHost(
  hostname: string,
  resolve: Resolve,
): Promise<{ readonly all: readonly string[]; readonly toTry: readonly string[] }> {
  const all = isIP(hostname) !== 0 ? [hostname] : await resolveName(hostname, resolve);
  const toTry = all.toSorted((a, b) => isIP(a) - isIP(b)).slice(0, addressesMax);
  return { all, toTry };
}

async function resolveName(hostname: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(hostname);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOTFOUND") return [];
    throw error;
  }
}
