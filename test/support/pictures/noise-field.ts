/** Value noise: smooth and without a pattern, the same for the same seed. */
export interface Noise {
  /** 0 to 1, changing over a distance of about 1. */
  at(x: number, y: number): number;
  /** The sum of ever finer and fainter layers, 0 to 1. */
  layered(x: number, y: number, layers: number): number;
}

export function createNoise(seed: number): Noise {
  const at = (x: number, y: number): number => {
    const column = Math.floor(x);
    const row = Math.floor(y);
    const across = ease(x - column);
    const down = ease(y - row);
    const top = between(lattice(column, row, seed), lattice(column + 1, row, seed), across);
    const bottom = between(
      lattice(column, row + 1, seed),
      lattice(column + 1, row + 1, seed),
      across,
    );
    return between(top, bottom, down);
  };
  return {
    at,
    layered: (x, y, layers) => {
      let [sum, weight, total] = [0, 1, 0];
      for (let layer = 0; layer < layers; layer++) {
        const scale = 2 ** layer;
        sum += weight * at(x * scale + 17 * layer, y * scale - 31 * layer);
        total += weight;
        weight /= 2;
      }
      return sum / total;
    },
  };
}

/** A number from 0 to 1 for each point of the grid, by integer hashing. */
function lattice(column: number, row: number, seed: number): number {
  let hash =
    Math.imul(column, 0x27d4eb2d) ^ Math.imul(row, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

function ease(share: number): number {
  return share * share * (3 - 2 * share);
}

function between(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
