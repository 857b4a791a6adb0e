export type Delimiter = ',' | ';' | '\t';

/** In the order of preference where several fit: a decimal comma makes `,` the weakest sign. */
const delimiters: readonly Delimiter[] = ['\t', ';', ','];
const sampledLines = 20;

/**
 * The delimiter that splits the first lines into the same number of cells most often, and into the most cells.
 * `,` where nothing splits them.
 */
export function detectDelimiter(sample: string): Delimiter {
  const lines = sample
    .split(/\r\n|\n|\r/, sampledLines + 1)
    .filter((line) => line.trim() !== '')
    .slice(0, sampledLines);
  let best: Delimiter = ',';
  let bestScore = 0;
  for (const delimiter of delimiters) {
    const counts = lines.map((line) => cellsOf(line, delimiter));
    const header = counts[0] ?? 1;
    if (header < 2) continue;
    const sameAsHeader = counts.filter((count) => count === header).length / counts.length;
    const score = sameAsHeader + header / 1_000;
    if (score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return best;
}

/** Cells of a line, delimiters inside quotes not counted. */
function cellsOf(line: string, delimiter: Delimiter): number {
  let cells = 1;
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === delimiter && !quoted) cells++;
  }
  return cells;
}
