import { InsufficientHistoryError, LoadcastError } from '../../core/errors.js';
import type { FeatureTable } from '../../features/feature-table.js';
import { rowsWithin } from '../../features/folds.js';
import { correctionContextHours, expectedResiduals } from '../linear/residual-correction.js';
import type { FittedMember, Member } from '../member.js';
import { cutHoursOf, latestCut } from '../rows/cuts.js';
import { loadOf, rowSeries } from '../rows/row-series.js';
import { baseForecast } from './base-forecast.js';
import type { DesignRecipe } from './design.js';
import { fitAdditiveOnce, type AdditiveParameters } from './fit-additive.js';
import { restoreAdditive, saveAdditive } from './saved-additive.js';

const name = 'additive';

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
    const { parameters } = fitAdditiveOnce(
      table,
      end,
      options.excluded ?? null,
      cutHoursOf(options),
    );
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
  const { recipe, scale, cuts } = parameters;
  const { originIndex, length } = table;
  refuseMissingInputs(recipe, table);
  if (originIndex < additiveMember.contextHours)
    throw new InsufficientHistoryError(additiveMember.contextHours, originIndex, name);
  const latest = latestCut(cuts, table);
  const { index, cutOf, knownRows } = latest;
  const { values, residuals } = baseForecast(parameters, rowSeries(table, scale), latest);
  const { correction, correctionAnyHour } = cuts[index]!;
  // The correction's leads count from the last known row, however long before the origin it lies.
  const expected = expectedResiduals(
    residuals,
    cutOf[knownRows] === knownRows ? correction : correctionAnyHour,
    length - knownRows,
    'none',
  ).subarray(originIndex - knownRows);
  return values.map((value, lead) => loadOf(scale, value + expected[lead]!));
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
