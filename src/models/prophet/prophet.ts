import { InsufficientHistoryError, LoadcastError } from '../../core/errors.js';
import { sortedQuantile } from '../../core/metrics.js';
import type { FeatureTable } from '../../features/feature-table.js';
import { holidaySharesByName } from '../../features/holiday-names.js';
import { rowsWithin, type RowRange } from '../../features/folds.js';
import { fitScaler, type Scaler } from '../../features/scaler.js';
import type { FittedMember, Member } from '../member.js';
import { evaluate, fitCoefficients } from './fit-coefficients.js';
import { fitLoadTransform, restoreLoad, transformLoad } from './load-transform.js';
import {
  carryResiduals,
  correctionContextHours,
  expectedResiduals,
  fitCorrection,
} from '../linear/residual-correction.js';
import { restoreParameters, saveParameters } from './saved-prophet.js';
import { buildTerms, dayTypeOfRows, dayTypes, seasonalitiesOf, type Term } from './terms.js';
import type { Recipe } from './recipe.js';
import type { ProphetParameters } from './parameters.js';

const name = 'prophet';
const hoursPerYear = 8766;
/** Older load than this tells little of today's. */
const memoryHours = 3 * hoursPerYear;
/** Under two years a yearly season cannot be told from that year's weather. */
const yearlyFromHours = 1.9 * hoursPerYear;
const yearlyOrder = 4;
const knotLevels = [0.1, 0.3, 0.5, 0.7, 0.9];
const changepoints = 25;
/** A stiff trend: what it misses is in the last residuals, and a bent one runs away from a short history. */
const changepointPriorScale = 0.0005;
/** Hours before the first row that the lagged temperatures reach. */
const lagHours = 24;
const residualBound = 0.3;

/**
 * Prophet on the logarithm of load, with temperature, and a correction by its own last residuals.
 * @see Taylor & Letham (2018), The American Statistician 72(1), by way of augurs
 */
export const prophetMember: Member = {
  name,
  requiredHours: 6 * 168,
  contextHours: correctionContextHours + lagHours,
  fit: (table, options) => {
    const end = Math.min(options.validationStart ?? table.originIndex, table.originIndex);
    const available = end - rowsWithin(options.excluded, end);
    if (available < prophetMember.requiredHours)
      throw new InsufficientHistoryError(prophetMember.requiredHours, available, name);
    return Promise.resolve(fittedProphet(fitParameters(without(table, options.excluded), end)));
  },
  restore: (saved) => Promise.resolve(fittedProphet(restoreParameters(saved, name))),
};

function fittedProphet(parameters: ProphetParameters): FittedMember {
  return {
    name,
    facts: parameters.facts,
    curves: [],
    steps: null,
    predict: (table) => ({ pointMw: predict(parameters, table) }),
    save: () => saveParameters(parameters, name),
    dispose: () => undefined,
  };
}

/** Rows left out are dropped as those are whose load was imputed. */
function without(table: FeatureTable, excluded: RowRange | undefined): FeatureTable {
  if (!excluded) return table;
  const { loadImputed } = table;
  return { ...table, loadImputed: loadImputed.slice().fill(1, excluded.from, excluded.to) };
}

function fitParameters(table: FeatureTable, end: number): ProphetParameters {
  const from = Math.max(lagHours, end - memoryHours);
  const recipe = chooseRecipe(table, from, end);
  const rows = rowsToFit(table, from, end);
  const measured = pick(table.loadMw, rows, 0);
  const transform = fitLoadTransform(measured);
  const picked = buildTerms(table, from, end, recipe).map((term) => ({
    ...term,
    values: pick(term.values, rows, from),
  }));
  // A regressor that never changes says nothing: no bridge day yet, a zone without cold.
  const kept = picked.filter(({ kind, values }) => kind !== 'regressor' || !isConstant(values));
  const scaler = scalerOf(kept);
  const terms = standardise(kept, scaler, sixDecimals);
  const localMs = pick(table.calendar.localMs, rows, 0);
  const types = dayTypeOfRows(table, from, end);
  const fit = fitCoefficients({
    localMs,
    y: measured.map((load) => transformLoad(transform, load)),
    seasonalities: seasonalitiesOf(recipe),
    dayTypes: Uint8Array.from(rows, (row) => types[row - from]!),
    dayTypeNames: dayTypes,
    terms,
    changepoints,
    changepointPriorScale,
  });

  const residuals = new Float64Array(end - from);
  const missing = new Uint8Array(end - from).fill(1);
  for (const [i, row] of rows.entries()) {
    residuals[row - from] = fit.outOfBlockResiduals[i]!;
    missing[row - from] = 0;
  }
  carryResiduals(residuals, missing, residualBound);
  const noise = fit.coefficients.sigmaObs * fit.coefficients.yScale;
  return {
    recipe,
    transform,
    termNames: terms.map((term) => term.name),
    scaler,
    coefficients: fit.coefficients,
    correction: fitCorrection(residuals, missing),
    facts: {
      hours: rows.length,
      terms: terms.length,
      'yearly order': recipe.yearlyOrder,
      temperature: recipe.knots.length > 0 ? 'yes' : 'no',
      ...extraFacts(table, terms),
      'residual deviation': Number(noise.toPrecision(3)),
      scale: transform.kind,
    },
  };
}

function extraFacts({ extras }: FeatureTable, terms: readonly Term[]): Record<string, string> {
  const used = extras.filter(({ name: extra }) =>
    terms.some((term) => term.name === `extra ${extra}`),
  );
  return used.length === 0
    ? {}
    : { 'extra inputs': used.map(({ name: extra }) => extra).join(', ') };
}

function predict(parameters: ProphetParameters, table: FeatureTable): Float64Array {
  const { recipe, transform, coefficients } = parameters;
  const { originIndex, length, calendar } = table;
  if (recipe.knots.length > 0 && !table.hasTemperature)
    throw new LoadcastError(
      'INVALID_INPUT',
      'Prophet was trained with temperature, and the forecast has none; supply it or train without.',
    );
  const from = originIndex - correctionContextHours;
  if (from < 0) throw new InsufficientHistoryError(correctionContextHours, originIndex, name);
  const byName = new Map(
    buildTerms(table, from, length, recipe).map((term) => [term.name, term] as const),
  );
  const kept = parameters.termNames.map((termName) => {
    const term = byName.get(termName);
    const [, extra] = /^extra (.+?)(?: × hour \d+)?$/u.exec(termName) ?? [];
    if (!term && extra !== undefined)
      throw new LoadcastError(
        'INVALID_INPUT',
        `Prophet was trained with "${extra}" and has none now; supply it, or train without.`,
      );
    if (!term) throw new LoadcastError('DAMAGED_MODEL', `Prophet knows no term "${termName}".`);
    return term;
  });
  const terms = standardise(kept, parameters.scaler);
  const fitted = evaluate(coefficients, calendar.localMs.subarray(from, length), terms);

  const residuals = new Float64Array(correctionContextHours);
  const missing = new Uint8Array(correctionContextHours);
  for (let i = 0; i < correctionContextHours; i++) {
    const residual = transformLoad(transform, table.loadMw[from + i]!) - fitted[i]!;
    missing[i] = table.loadImputed[from + i] === 1 || Number.isNaN(residual) ? 1 : 0;
    residuals[i] = residual;
  }
  carryResiduals(residuals, missing, residualBound);
  const expected = expectedResiduals(residuals, parameters.correction, length - originIndex);
  return expected.map((residual, lead) =>
    restoreLoad(transform, fitted[correctionContextHours + lead]! + residual),
  );
}

function chooseRecipe(table: FeatureTable, from: number, end: number): Recipe {
  const knotsOf = (celsius: Float64Array): number[] => {
    const ascending = celsius.slice(from, end).sort();
    return knotLevels.map((level) => (sortedQuantile(ascending, level) - 15) / 10);
  };
  const shares = holidaySharesByName(table.place, table.calendar.localMs.subarray(from, end));
  const shared = [...shares.values()].some((share) => share.some((part) => part > 0 && part < 1));
  return {
    yearlyOrder: end - from >= yearlyFromHours ? yearlyOrder : 0,
    knots: table.hasTemperature ? knotsOf(table.temperatureC) : [],
    smoothedKnots: table.hasTemperature ? knotsOf(table.temperature24hC) : [],
    holidayNames: repeatedHolidays(table, shares, from),
    ...(shared ? { sharedHolidays: true } : {}),
  };
}

/** Names of holidays measured in at least two years: one day alone is as much weather as holiday. */
function repeatedHolidays(
  table: FeatureTable,
  shares: ReadonlyMap<string, Float64Array>,
  from: number,
): string[] {
  const { localMs } = table.calendar;
  const years = (share: Float64Array): Set<number> => {
    const seen = new Set<number>();
    for (const [i, part] of share.entries())
      if (part > 0 && table.loadImputed[from + i] === 0)
        seen.add(new Date(localMs[from + i]!).getUTCFullYear());
    return seen;
  };
  return [...shares.keys()].filter((holiday) => years(shares.get(holiday)!).size >= 2).sort();
}

/** Measured rows whose local clock moves on: the second of a doubled hour has no place on Prophet's axis. */
function rowsToFit(table: FeatureTable, from: number, end: number): number[] {
  const rows: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (let row = from; row < end; row++) {
    const local = table.calendar.localMs[row]!;
    if (table.loadImputed[row] === 1 || local <= last) continue;
    rows.push(row);
    last = local;
  }
  return rows;
}

/** The values of some rows; the first value is that of row `from`. */
function pick(values: Float64Array, rows: readonly number[], from: number): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let i = 0; i < picked.length; i++) picked[i] = values[rows[i]! - from]!;
  return picked;
}

function isConstant(values: Float64Array): boolean {
  return values.every((value) => Math.abs(value - values[0]!) < 1e-9);
}

function scalerOf(terms: readonly Term[]): Scaler {
  const fitted = fitScaler(
    terms.map((term) => term.values),
    0,
    terms[0]?.values.length ?? 0,
  );
  const ofRegressors = (values: readonly number[], otherwise: number): number[] =>
    values.map((value, j) => (terms[j]?.kind === 'regressor' ? value : otherwise));
  return {
    means: ofRegressors(fitted.means, 0),
    deviations: ofRegressors(fitted.deviations, 1),
  };
}

/**
 * For the fit: augurs hands the matrix over as text, and short numbers halve its tens of megabytes. What a regressor
 * loses is a millionth of its standard deviation.
 */
function sixDecimals(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** Standardises the regressors in place; seasonalities and holidays stay as they are. */
function standardise(
  terms: readonly Term[],
  scaler: Scaler,
  round: (value: number) => number = (value) => value,
): readonly Term[] {
  for (const [j, { kind, values }] of terms.entries()) {
    if (kind !== 'regressor') continue;
    const mean = scaler.means[j]!;
    const deviation = scaler.deviations[j]!;
    for (let i = 0; i < values.length; i++) values[i] = round((values[i]! - mean) / deviation);
  }
  return terms;
}
