/** Seeded random numbers: xoshiro128** (Blackman & Vigna, 2018) seeded by splitmix32. Same seed, same bytes. */
export interface Random {
  /** uniform in [0, 1) */
  uniform(): number;
  /** standard normal (Box & Muller, 1958) */
  normal(): number;
  /** integer in [0, bound) */
  integer(bound: number): number;
}

/** @param seeds any mix of integers and strings; order matters */
export function createRandom(...seeds: readonly (number | string)[]): Random {
  let hash = hashSeeds(seeds);
  const splitmix = (): number => {
    hash = (hash + 0x9e3779b9) | 0;
    let z = hash ^ (hash >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let [a, b, c, d] = [splitmix(), splitmix(), splitmix(), splitmix() | 1];
  const next = (): number => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const uniform = (): number => next() / 4294967296;
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    integer: (bound) => Math.floor(uniform() * bound),
  };
}

/** FNV-1a over the text of the seeds. */
function hashSeeds(seeds: readonly (number | string)[]): number {
  let hash = 0x811c9dc5;
  for (const char of seeds.join('\u0000')) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash | 0;
}

/** Fisher–Yates shuffle in place. */
export function shuffle(values: Int32Array, random: Random): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const swapped = values[i] ?? 0;
    values[i] = values[j] ?? 0;
    values[j] = swapped;
  }
}
