import type { FeatureTable } from '../../features/feature-table.js';
import { carryResiduals } from '../linear/residual-correction.js';
import { cutRows, latestCut, leadDayOf, rowsBetween, targetsOf } from '../rows/cuts.js';
import { loadOf, rowSeries } from '../rows/row-series.js';
import { baseForecast, ridgeForecast } from './base-forecast.js';
import { prepareRows } from './design.js';
import { residualBound, type AdditiveFit, type AdditiveParameters } from './fit-additive.js';

/** What the ridges say of each row of a table, for what stacks on them. */
export interface BaseRows {
  /** MW that a forecast of that origin gives for the row; NaN where there is none */
  mwAt(origin: number, row: number): number;
  /** what the ridges missed the past rows by, on their own scale; carried on over imputed rows */
  readonly misses: Float64Array;
  /** rows from which on `mwAt` knows every origin and row of the table */
  readonly firstRow: number;
}

/**
 * The ridges' forecasts at any origin of the training rows, out of fold, and of the rows after them.
 * @param end the fit's training rows end there
 */
export function trainingBase(table: FeatureTable, end: number, fit: AdditiveFit): BaseRows {
  const { parameters, outOfFold } = fit;
  const { calendar, originIndex, loadImputed } = table;
  const series = rowSeries(table, parameters.scale);
  const prepared = prepareRows(series, parameters.recipe);
  const later = rowsBetween(end, originIndex);
  const cuts = parameters.cuts.map((cut, index) => {
    const cutOf = cutRows(calendar, cut.hour);
    const days = outOfFold[index]!.map((seen, day) => {
      const values = new Float64Array(originIndex);
      values.set(seen);
      const targets = targetsOf(calendar, cutOf, later, day + 1);
      values.set(ridgeForecast(cut, prepared, targets, day + 1), end);
      return values;
    });
    return { cutOf, days };
  });
  const usable = Uint8Array.from(loadImputed.subarray(0, originIndex), (imputed) => 1 - imputed);
  const unknown = cuts.flatMap(({ days }) =>
    days.map((values) => values.findIndex(Number.isFinite)),
  );
  return {
    mwAt(origin, row) {
      const { cutOf, days } = cuts.reduce((best, cut) =>
        cut.cutOf[origin]! > best.cutOf[origin]! ? cut : best,
      );
      const day = Math.min(days.length, leadDayOf(calendar, row, cutOf, origin));
      return loadOf(parameters.scale, days[day - 1]![row]!);
    },
    misses: pastMisses(series.load, usable, cuts[0]!.days[0]!),
    firstRow: Math.max(...unknown),
  };
}

/** The ridges' forecast at the table's origin. */
export function servingBase(parameters: AdditiveParameters, table: FeatureTable): BaseRows {
  const { originIndex } = table;
  const latest = latestCut(parameters.cuts, table);
  const { values, residuals } = baseForecast(
    parameters,
    rowSeries(table, parameters.scale),
    latest,
  );
  const misses = new Float64Array(originIndex);
  misses.set(residuals, latest.knownRows - residuals.length);
  const unknown = Uint8Array.from(misses, (_, row) => (row < latest.knownRows ? 0 : 1));
  carryResiduals(misses, unknown, residualBound);
  return {
    mwAt: (_, row) => loadOf(parameters.scale, values[row - originIndex]!),
    misses,
    firstRow: originIndex,
  };
}

/**
 * What forecasts missed past rows by: bounded, and carried on over rows that are not usable or have no forecast.
 * @param usable shape (rows,)
 */
export function pastMisses(
  load: Float64Array,
  usable: Uint8Array,
  forecast: Float64Array,
): Float64Array {
  const unknown = usable.map((one, row) => (one === 1 && Number.isFinite(forecast[row]!) ? 0 : 1));
  const misses = Float64Array.from(unknown, (_, row) => load[row]! - forecast[row]!);
  carryResiduals(misses, unknown, residualBound);
  return misses;
}
