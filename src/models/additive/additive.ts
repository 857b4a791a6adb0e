import { InsufficientHistoryError, LoadcastError } from '../../core/errors.js';
import { rowDaysBefore } from '../../features/calendar.js';
import type { FeatureTable } from '../../features/feature-table.js';
import { rowsWithin } from '../../features/folds.js';
import {
  carryResiduals,
  correctionContextHours,
  expectedResiduals,
} from '../linear/residual-correction.js';
import type { FittedMember, Member } from '../member.js';
import { cutRows, targetsOf } from './cuts.js';
import {
  designColumns,
  prepareRows,
  type DesignRecipe,
  type PreparedRows,
  type Targets,
} from './design.js';
import {
  fitAdditive,
  hoursOfDay,
  leadDayCount,
  residualBound,
  type AdditiveParameters,
  type CutModel,
} from './fit-additive.js';
import { evaluateRidge, standardise } from './ridge.js';
import { rowSeries } from './row-series.js';
import { restoreAdditive, saveAdditive } from './saved-additive.js';

const name = 'additive';
/** Hours of the day for which ridges are fitted: at further ones a forecast takes the latest of these. */
const mostCuts = 4;
/** A cut may lie so many hours after the last measured load, which are then imputed ones. */
const bridgedHours = 12;

/**
 * Additive model: for each lead day and hour of the day a ridge on calendar, lagged loads and splines of temperatures.
 * @see fitAdditive
 */
export const additiveMember: Member = {
  name,
  requiredHours: 8 * 168,
  // lags, and what the slowly fading temperature remembers before them
  contextHours: correctionContextHours + (31 + 10) * 24,
  fit: (table, options) => {
    const end = Math.min(options.validationStart ?? table.originIndex, table.originIndex);
    const available = end - rowsWithin(options.excluded, end);
    if (available < additiveMember.requiredHours)
      throw new InsufficientHistoryError(additiveMember.requiredHours, available, name);
    const cutHours = options.loadEndHours?.slice(0, mostCuts) ?? [0];
    const { parameters } = fitAdditive(table, end, options.excluded ?? null, cutHours);
    return Promise.resolve(fittedAdditive(parameters));
  },
  restore: (saved) => Promise.resolve(fittedAdditive(restoreAdditive(saved, name))),
};

function fittedAdditive(parameters: AdditiveParameters): FittedMember {
  const { recipe, penalty, scale, hours, cuts } = parameters;
  const ridge = cuts[0]?.ridges.find((each) => each !== null);
  return {
    name,
    facts: {
      hours,
      columns: ridge?.standard.means.length ?? 0,
      'known up to': cuts.map((cut) => `${cut.hour} h`).join(', '),
      penalty: penalty.penalty,
      memory: penalty.halfLifeDays === null ? 'all alike' : `half-life ${penalty.halfLifeDays} d`,
      season: recipe.seasonal ? 'yes' : 'no',
      temperature: Object.keys(recipe.splines).length > 0 ? 'yes' : 'no',
      ...(recipe.extras.length > 0 ? { 'extra inputs': recipe.extras.join(', ') } : {}),
      scale: scale.kind,
    },
    curves: [],
    steps: null,
    predict: (table) => ({ pointMw: predictAdditive(parameters, table) }),
    save: () => saveAdditive(parameters, name),
    dispose: () => undefined,
  };
}

/** Forecast of every row from the origin on, MW. */
export function predictAdditive(parameters: AdditiveParameters, table: FeatureTable): Float64Array {
  const { recipe, scale } = parameters;
  const { originIndex, length } = table;
  refuseMissingInputs(recipe, table);
  if (originIndex < additiveMember.contextHours)
    throw new InsufficientHistoryError(additiveMember.contextHours, originIndex, name);
  const series = rowSeries(table, scale);
  const prepared = prepareRows(series, recipe);
  const { cut, cutOf, knownRows } = latestCut(parameters, table);

  // From the cut on the correction is that of its leads, however long before the origin it lies.
  const recent = rowsBetween(knownRows - correctionContextHours, knownRows);
  const fitted = evaluate(cut, prepared, targetsOf(table.calendar, cutOf, recent, 1), 1);
  const residuals = fitted.map((value, i) => series.load[recent[i]!]! - value);
  const unknown = Uint8Array.from(recent, (row, i) =>
    table.loadImputed[row] === 1 || Number.isNaN(residuals[i]!) ? 1 : 0,
  );
  carryResiduals(residuals, unknown, residualBound);
  const atCut = cutOf[knownRows] === knownRows;
  const expected = expectedResiduals(
    residuals,
    atCut ? cut.correction : cut.correctionAnyHour,
    length - knownRows,
    'none',
  ).subarray(originIndex - knownRows);

  const rows = rowsBetween(originIndex, length);
  const days = rows.map((row) => leadDayOf(table, row, cutOf, knownRows));
  const values = new Float64Array(rows.length);
  for (const day of new Set(days)) {
    const ofDay = rows.filter((_, i) => days[i] === day);
    const forecast = evaluate(cut, prepared, targetsOf(table.calendar, cutOf, ofDay, day), day);
    for (const [i, row] of ofDay.entries()) values[row - originIndex] = forecast[i]!;
  }
  return values.map((value, lead) => {
    const corrected = value + expected[lead]!;
    return scale.kind === 'log' ? Math.exp(corrected) : corrected * scale.unitMw;
  });
}

function refuseMissingInputs(recipe: DesignRecipe, table: FeatureTable): void {
  if (Object.keys(recipe.splines).length > 0 && !table.hasTemperature)
    throw new LoadcastError(
      'INVALID_INPUT',
      'The additive model was trained with temperature, and the forecast has none; supply it or train without.',
    );
  const missing = recipe.extras.find((extra) => table.extras.every((each) => each.name !== extra));
  if (missing !== undefined)
    throw new LoadcastError(
      'INVALID_INPUT',
      `The additive model was trained with "${missing}" and has none now; supply it, or train without.`,
    );
}

/**
 * The cut that knows most at the origin. Known are all rows before the origin, less those at its end that were imputed,
 * if they are many.
 */
function latestCut(
  { cuts }: AdditiveParameters,
  { calendar, loadImputed, originIndex }: FeatureTable,
): { readonly cut: CutModel; readonly cutOf: Int32Array; readonly knownRows: number } {
  let measured = originIndex;
  while (measured > 0 && loadImputed[measured - 1] === 1) measured--;
  const tried = cuts.map((cut) => {
    const cutOf = cutRows(calendar, cut.hour);
    return { cut, cutOf, last: cutOf[Math.min(originIndex, measured + bridgedHours)] ?? -1 };
  });
  const latest = Math.max(...tried.map(({ last }) => last));
  const { cut, cutOf } = tried.find(({ last }) => last === latest)!;
  return { cut, cutOf, knownRows: Math.max(latest, measured) };
}

/** Days since the last cut whose loads before it are known. */
function leadDayOf(
  { calendar }: FeatureTable,
  row: number,
  cutOf: Int32Array,
  knownRows: number,
): number {
  for (let day = 1; ; day++) {
    const cut = cutOf[rowDaysBefore(calendar, row, day - 1)] ?? -1;
    if (cut <= knownRows) return day;
  }
}

/** Forecasts of targets, on the model's scale; a lead day beyond the last one takes its ridges. */
function evaluate(
  { ridges }: CutModel,
  prepared: PreparedRows,
  targets: Targets,
  leadDay: number,
): Float64Array {
  const { series } = prepared;
  const columns = designColumns(prepared, targets);
  const day = Math.min(leadDayCount, leadDay);
  return Float64Array.from(targets.rows, (row, i) => {
    const ridge = ridges[(day - 1) * hoursOfDay + series.table.calendar.hour[row]!];
    if (!ridge) return Number.NaN;
    const one = columns.map((column) => column.subarray(i, i + 1));
    const level = series.weekLevel[targets.cuts[i]! - 1]!;
    return level + evaluateRidge(ridge.coefficients, standardise(one, ridge.standard), 0);
  });
}

function rowsBetween(from: number, end: number): Int32Array {
  return Int32Array.from({ length: end - from }, (_, i) => from + i);
}
