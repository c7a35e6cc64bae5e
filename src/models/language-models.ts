/** What a model's tokens cost, in US dollars a million. */
export interface TokenPrices {
  readonly inputUsd: number;
  readonly outputUsd: number;
}

/**
 * By the beginning of a model's name; the longest that fits counts. Haiku 5.5 costs more beyond
 * 100,000 tokens of input, which is more than anything here sends.
 * Source: https://platform.claude.com/docs/en/about-claude/pricing, October 2026.
 */
const prices: Readonly<Record<string, TokenPrices>> = {
  "claude-haiku-5-5": { inputUsd: 0.1, outputUsd: 0.5 },
  "claude-haiku-": { inputUsd: 1, outputUsd: 5 },
  "claude-sonnet-5": { inputUsd: 2, outputUsd: 10 },
  "claude-sonnet-": { inputUsd: 3, outputUsd: 15 },
  "claude-opus-5-5": { inputUsd: 4, outputUsd: 20 },
  "claude-opus-": { inputUsd: 5, outputUsd: 25 },
};

/** The most that is known of any: what a model without a known price counts as. */
const priceMax: TokenPrices = { inputUsd: 15, outputUsd: 75 };

export interface TokenCount {
  readonly input: number;
  readonly output: number;
}

/** What so many tokens of a model cost, in US dollars. */
export function tokenCostUsd(model: string, { input, output }: TokenCount): number {
  const { inputUsd, outputUsd } = pricesOf(model);
  return (input * inputUsd + output * outputUsd) / 1_000_000;
}

function pricesOf(model: string): TokenPrices {
  const [longest] = Object.keys(prices)
    .filter((beginning) => model.startsWith(beginning))
    .sort((a, b) => b.length - a.length);
  return (longest === undefined ? undefined : prices[longest]) ?? priceMax;
}
