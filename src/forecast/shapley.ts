/** Every subset of the players, in the order of the binary numbers whose bit i says whether player i is in. */
export function coalitions<P>(players: readonly P[]): readonly (readonly P[])[] {
  return Array.from({ length: 1 << players.length }, (_, subset) =>
    players.filter((__, i) => (subset >> i) & 1),
  );
}

/**
 * Shapley values: what each player adds on average over all orders in which they may come in, value by value.
 * @param values of every subset in the order of `coalitions`, all of one shape
 * @returns one array a player; their sum is the value of all less that of none
 * @see Shapley (1953), A value for n-person games
 */
export function shapley(players: number, values: readonly Float64Array[]): Float64Array[] {
  const length = values[0]?.length ?? 0;
  return Array.from({ length: players }, (_, i) => {
    const added = new Float64Array(length);
    for (let subset = 0; subset < 1 << players; subset++) {
      if ((subset >> i) & 1) continue;
      const size = bits(subset);
      const weight = (factorial(size) * factorial(players - size - 1)) / factorial(players);
      const [without, joined] = [values[subset]!, values[subset | (1 << i)]!];
      for (let k = 0; k < length; k++) added[k]! += weight * (joined[k]! - without[k]!);
    }
    return added;
  });
}

function bits(subset: number): number {
  let count = 0;
  for (let rest = subset; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
