import { leadDaysOf } from '../../core/horizon.js';
import type { FeatureTable } from '../../features/feature-table.js';
import { pastMisses } from '../additive/base-rows.js';
import { fitAdditiveOnce, type AdditiveParameters } from '../additive/fit-additive.js';
import type { FitOptions } from '../member.js';
import { cutHoursOf, cutRows, rowsBetween, targetsOf, type Targets } from '../rows/cuts.js';
import {
  firstTarget,
  rowScale,
  rowSeries,
  usableRows,
  type RowScale,
  type RowSeries,
} from '../rows/row-series.js';
import { boost, type BoostOptions } from './boost.js';
import { boostingColumns, stackedColumns, type NamedColumn } from './columns.js';
import type { Tree } from './tree.js';

export interface BoostingParameters {
  readonly scale: RowScale;
  /** hours of the day at which the known loads end */
  readonly cuts: readonly { readonly hour: number }[];
  readonly hasTemperature: boolean;
  readonly extras: readonly string[];
  readonly constant: number;
  readonly trees: readonly Tree[];
  /** what the trees correct; null: they foretell the load themselves */
  readonly base: AdditiveParameters | null;
  /** measured hours that were learned from */
  readonly hours: number;
}

export interface BoostingRecipe extends Omit<BoostOptions, 'seed' | 'level' | 'threads'> {
  readonly isStacked: boolean;
  /** grows trees as long as they help on the rows from `validationStart` on; never when stacked */
  readonly validates: boolean;
}

/** with rows to validate on: the most trees, and how many may bring nothing */
const [mostTrees, patience] = [700, 50];
/** older loads than this tell little of today's */
const memoryHours = 3 * 8766;

/** @param end rows `[0, end)` of the table are training rows */
export async function fitBoosting(
  table: FeatureTable,
  end: number,
  options: FitOptions,
  recipe: BoostingRecipe,
): Promise<BoostingParameters> {
  const excluded = options.excluded ?? null;
  const from = Math.max(firstTarget, end - memoryHours);
  // Rows to validate on are foretold from loads before their cuts, like all others.
  const lastRow = recipe.validates ? table.originIndex : end;
  const usable = usableRows(table, from, lastRow, excluded);
  const hours = cutHoursOf(options);
  const stacked = recipe.isStacked ? fitAdditiveOnce(table, end, excluded, hours) : null;
  const scale = stacked?.parameters.scale ?? rowScale(table, Math.max(0, end - memoryHours), end);
  const series = rowSeries(table, scale);
  const rows = rowsBetween(0, lastRow).filter((row) => usable[row] === 1);
  const parts = hours.flatMap((hour, cut) => {
    const cutOf = cutRows(table.calendar, hour);
    const targets = leadDaysOf(table.horizonHours).map((day) =>
      targetsOf(table.calendar, cutOf, rows, day),
    );
    if (!stacked) return targets.map((ofDay) => directPart(series, ofDay));
    return stackedParts(series, usable, targets, stacked.outOfFold[cut]!);
  });
  const validation = recipe.validates
    ? {
        rows: Uint8Array.from(
          parts.flatMap((part) => [...part.targets.rows]),
          (row) => (row >= end ? 1 : 0),
        ),
        patience,
      }
    : null;
  const { constant, trees } = await boost(
    concatenated(parts.map((part) => part.columns)),
    Float64Array.from(parts.flatMap((part) => [...part.left])),
    {
      ...recipe,
      trees: recipe.validates ? mostTrees : recipe.trees,
      level: 0.5,
      seed: options.seed,
      threads: options.threads,
    },
    validation,
  );
  return {
    scale,
    cuts: hours.map((hour) => ({ hour })),
    hasTemperature: table.hasTemperature,
    extras: table.extras.map((extra) => extra.name),
    constant,
    trees,
    base: stacked?.parameters ?? null,
    hours: rows.filter((row) => row < end).length,
  };
}

/** Training rows of one lead day of one cut. */
interface Part {
  readonly targets: Targets;
  readonly columns: readonly NamedColumn[];
  /** what the trees are to foretell, on the model's scale */
  readonly left: Float64Array;
}

function directPart(series: RowSeries, targets: Targets): Part {
  const { load, weekLevel, table } = series;
  return {
    targets,
    columns: boostingColumns(series, targets, inputsOf(table)),
    left: Float64Array.from(
      targets.rows,
      (row, i) => load[row]! - weekLevel[targets.cuts[i]! - 1]!,
    ),
  };
}

/** @param ofBase forecasts of the ridges for each lead day, by row */
function stackedParts(
  series: RowSeries,
  usable: Uint8Array,
  targets: readonly Targets[],
  ofBase: readonly Float64Array[],
): Part[] {
  const { load, table } = series;
  const misses = pastMisses(load, usable, ofBase[0]!);
  return targets.map((ofDay, i) => {
    const values = Float64Array.from(ofDay.rows, (row) => ofBase[i]![row]!);
    return {
      targets: ofDay,
      columns: [
        ...boostingColumns(series, ofDay, inputsOf(table)),
        ...stackedColumns(series, ofDay, { values, misses, firstMiss: 0 }),
      ],
      left: values.map((value, j) => load[ofDay.rows[j]!]! - value),
    };
  });
}

function inputsOf(table: FeatureTable): Pick<BoostingParameters, 'hasTemperature' | 'extras'> {
  return { hasTemperature: table.hasTemperature, extras: table.extras.map((extra) => extra.name) };
}

function concatenated(parts: readonly (readonly NamedColumn[])[]): Float32Array[] {
  const rows = parts.reduce((sum, part) => sum + (part[0]?.values.length ?? 0), 0);
  return (parts[0] ?? []).map((_, j) => {
    const whole = new Float32Array(rows);
    let at = 0;
    for (const part of parts) {
      whole.set(part[j]!.values, at);
      at += part[j]!.values.length;
    }
    return whole;
  });
}
