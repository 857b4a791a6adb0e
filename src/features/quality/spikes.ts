import { aboveOrBelow, duration, type Inspection, type RowFinding } from './inspection.js';
import { rowsOf } from './load-grid.js';
import type { UsualJumps } from './usual-jumps.js';
import { unusualRise, type UsualLoad } from './usual-load.js';

export const spikeHours = 3;
/** Last known value that a jump may be measured from. */
const anchorHours = 6;
/** Share of the jump that must remain inside a spike, and at most remain after it. */
const [inside, after] = [0.5, 0.4];
/** A holiday lacks the morning rise of the days it is compared with. */
const holidayFactor = 2.5;
/** Two quarter hours in a row stray more easily than one. */
const longFactor = 1.3;

/** Values of up to 3 h that leave the course of the load at once and return to it at once. */
export function findSpikes(
  { grid, scale, levels, holiday }: Inspection,
  usual: UsualLoad,
  { spikeLeast }: UsualJumps,
): RowFinding[] {
  const findings: RowFinding[] = [];
  const longest = rowsOf(grid, spikeHours);
  const anchorRows = rowsOf(grid, anchorHours);
  let anchor = -1;
  for (let row = 0; row < levels.length; row++) {
    if (Number.isNaN(levels[row]!)) continue;
    const near = anchor >= 0 && row - anchor <= anchorRows;
    const jump = near ? unusualRise(levels, usual, anchor, row) : 0;
    const end = Math.abs(jump) >= spikeLeast ? endOfSpike(row) : row;
    if (end === row) {
      anchor = row;
      continue;
    }
    findings.push({
      kind: 'spike',
      from: row,
      to: end,
      ...(scale.kind === 'ratio' ? { factor: Math.exp(jump) } : {}),
      reason: `${duration(grid, end - row)} ${aboveOrBelow(scale, jump)} the values beside, there and back at once`,
    });
    row = end - 1;
  }
  return findings;

  /** Row after the spike that begins at `from`, or `from` if it is none. */
  function endOfSpike(from: number): number {
    const jump = unusualRise(levels, usual, anchor, from);
    let last = from;
    for (let row = from + 1; row < levels.length && row <= from + longest; row++) {
      if (Number.isNaN(levels[row]!)) continue;
      const share = unusualRise(levels, usual, anchor, row) / jump;
      const back = -unusualRise(levels, usual, last, row) / jump;
      if (Math.abs(share) <= after && back >= inside) {
        const least =
          spikeLeast *
          (row - from > 1 ? longFactor : 1) *
          (holiday[from] === 1 ? holidayFactor : 1);
        return Math.min(1, back) * Math.abs(jump) >= least ? row : from;
      }
      if (share < inside) return from;
      last = row;
    }
    return from;
  }
}
