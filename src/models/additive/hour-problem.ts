import { dayMs } from '../../core/time.js';
import { targetsOf } from '../rows/cuts.js';
import { designColumns, type PreparedRows } from './design.js';

/** a target farther from the week's level than this is a fault more likely than a load */
const greatestTarget = 0.7;
const hoursPerDay = 24;
const foldDays = 14;
export const folds = 3;

/** Everything one ridge is fitted to. */
export interface HourProblem {
  readonly rows: Int32Array;
  /** raw; whoever standardises them has them */
  readonly columns: readonly Float64Array[];
  /** load relative to the level of the week before the anchor, on the model's scale */
  readonly target: Float64Array;
  /** that level */
  readonly level: Float64Array;
  /** 1 for rows to fit */
  readonly usable: Uint8Array;
  /** fortnights in turn: 0, 1, 2, 0, … */
  readonly fold: Uint8Array;
  /** days before the last row */
  readonly ageDays: Float64Array;
}

export function hourProblem(
  prepared: PreparedRows,
  usable: Uint8Array,
  where: {
    readonly from: number;
    readonly end: number;
    readonly leadDay: number;
    readonly hour: number;
    readonly cutOf: Int32Array;
  },
): HourProblem {
  const { series } = prepared;
  const { calendar } = series.table;
  const { from, end, leadDay, hour, cutOf } = where;
  const found: number[] = [];
  for (let row = from; row < end; row++) if (calendar.hour[row] === hour) found.push(row);
  const rows = Int32Array.from(found);
  const targets = targetsOf(calendar, cutOf, rows, leadDay);
  const level = Float64Array.from(targets.cuts, (cut) => series.weekLevel[cut - 1]!);
  return {
    rows,
    columns: designColumns(prepared, targets),
    target: Float64Array.from(rows, (row, i) =>
      Math.max(-greatestTarget, Math.min(greatestTarget, series.load[row]! - level[i]!)),
    ),
    level,
    usable: Uint8Array.from(rows, (row) => usable[row]!),
    fold: Uint8Array.from(
      rows,
      (row) => Math.floor(Math.floor(calendar.localMs[row]! / dayMs) / foldDays) % folds,
    ),
    ageDays: Float64Array.from(rows, (row) => (end - 1 - row) / hoursPerDay),
  };
}

/** Weights by age, 0 for rows that are not to be fitted; their mean is 1. */
export function rowWeights(
  { usable, ageDays }: Pick<HourProblem, 'usable' | 'ageDays'>,
  halfLifeDays: number | null,
): Float64Array {
  const weights = Float64Array.from(usable, (one, i) =>
    one === 0 ? 0 : halfLifeDays === null ? 1 : 0.5 ** (ageDays[i]! / halfLifeDays),
  );
  const count = usable.reduce((sum, one) => sum + one, 0);
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / count;
  return weights.map((weight) => weight / mean);
}
