import { carryResiduals, correctionContextHours } from '../linear/residual-correction.js';
import { leadDayOf, rowsBetween, targetsOf, type LatestCut, type Targets } from '../rows/cuts.js';
import type { RowSeries } from '../rows/row-series.js';
import { designColumns, prepareRows, type PreparedRows } from './design.js';
import {
  hoursOfDay,
  residualBound,
  type AdditiveParameters,
  type CutModel,
} from './fit-additive.js';
import { evaluateRidge, standardise } from './ridge.js';

/** What the ridges alone say, on the model's scale. */
export interface BaseForecast {
  /** shape (horizon,) */
  readonly values: Float64Array;
  /** what they missed by in the `correctionContextHours` before `knownRows`; imputed hours carry the last miss on */
  readonly residuals: Float64Array;
}

export function baseForecast(
  parameters: AdditiveParameters,
  series: RowSeries,
  { index, cutOf, knownRows }: LatestCut,
): BaseForecast {
  const { table } = series;
  const { calendar, originIndex, length } = table;
  const cut = parameters.cuts[index]!;
  const prepared = prepareRows(series, parameters.recipe);

  const recent = rowsBetween(knownRows - correctionContextHours, knownRows);
  const fitted = ridgeForecast(cut, prepared, targetsOf(calendar, cutOf, recent, 1), 1);
  const residuals = fitted.map((value, i) => series.load[recent[i]!]! - value);
  const unknown = Uint8Array.from(recent, (row, i) =>
    table.loadImputed[row] === 1 || Number.isNaN(residuals[i]!) ? 1 : 0,
  );
  carryResiduals(residuals, unknown, residualBound);

  const rows = rowsBetween(originIndex, length);
  const days = rows.map((row) => leadDayOf(calendar, row, cutOf, knownRows));
  const values = new Float64Array(rows.length);
  for (const day of new Set(days)) {
    const ofDay = rows.filter((_, i) => days[i] === day);
    const forecast = ridgeForecast(cut, prepared, targetsOf(calendar, cutOf, ofDay, day), day);
    for (const [i, row] of ofDay.entries()) values[row - originIndex] = forecast[i]!;
  }
  return { values, residuals };
}

/** Forecasts of targets, on the model's scale; a lead day beyond the last one takes its ridges. */
export function ridgeForecast(
  { ridges }: CutModel,
  prepared: PreparedRows,
  targets: Targets,
  leadDay: number,
): Float64Array {
  const { series } = prepared;
  const columns = designColumns(prepared, targets);
  const day = Math.min(ridges.length / hoursOfDay, leadDay);
  return Float64Array.from(targets.rows, (row, i) => {
    const ridge = ridges[(day - 1) * hoursOfDay + series.table.calendar.hour[row]!];
    if (!ridge) return Number.NaN;
    const one = columns.map((column) => column.subarray(i, i + 1));
    const level = series.weekLevel[targets.cuts[i]! - 1]!;
    return level + evaluateRidge(ridge.coefficients, standardise(one, ridge.standard), 0);
  });
}
