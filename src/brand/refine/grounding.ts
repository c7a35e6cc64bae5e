/** Whether something stands on a site, whatever its case, spaces and punctuation. */
export interface Stands {
  words(claimed: string): boolean;
  /** Its numbers, each by itself: `$29/month` where the site has `29 $ a month`. */
  numbers(claimed: string): boolean;
}

/** @param site what it says, in plain text. */
export function createStands(site: string): Stands {
  const plainSite = plain(site);
  const siteNumbers = new Set(numbersOf(site));
  const words = (claimed: string) => plain(claimed) !== "" && plainSite.includes(plain(claimed));
  return {
    words,
    numbers(claimed) {
      const numbers = numbersOf(claimed);
      return numbers.length === 0 ? words(claimed) : numbers.every((one) => siteNumbers.has(one));
    },
  };
}

function plain(said: string): string {
  return said
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

function numbersOf(said: string): readonly string[] {
  return said.normalize("NFKC").match(/\p{N}+(?:[.,]\p{N}+)*/gu) ?? [];
}
