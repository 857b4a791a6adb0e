import { InsufficientHistoryError, LoadcastError } from '../../core/errors.js';
import type { FeatureTable } from '../../features/feature-table.js';
import { rowsWithin } from '../../features/folds.js';
import { baseForecast } from '../additive/base-forecast.js';
import { correctionContextHours } from '../linear/residual-correction.js';
import type { FittedMember, Member } from '../member.js';
import { latestCut, leadDayOf, rowsBetween, targetsOf } from '../rows/cuts.js';
import { firstTarget, loadOf, rowSeries } from '../rows/row-series.js';
import { boostingColumns, stackedColumns } from './columns.js';
import { fitBoosting, type BoostingParameters, type BoostingRecipe } from './fit-boosting.js';
import { restoreBoosting, saveBoosting } from './saved-boosting.js';
import { sumOfTrees } from './tree.js';

type Recipe = Omit<BoostingRecipe, 'isStacked' | 'validates'>;

const common = { minRows: 60, l2: 2, columnShare: 0.5, rowShare: 0.7 };
const directRecipe: Recipe = { ...common, trees: 350, leaves: 47, learningRate: 0.1 };
const stackedRecipe: Recipe = { ...common, trees: 200, leaves: 31, learningRate: 0.06 };
/** Gradient boosting of the load, direct: one model for all leads. */
export const boostingMember = createBoostingMember('boosting', directRecipe, false);

/** Gradient boosting of what the additive model leaves, learned on its out-of-fold forecasts. */
export const stackedBoostingMember = createBoostingMember('boosting-stacked', stackedRecipe, true);

function createBoostingMember(name: string, recipe: Recipe, isStacked: boolean): Member {
  const member: Member = {
    name,
    requiredHours: 8 * 168,
    // as the additive model reads it
    contextHours: correctionContextHours + (31 + 10) * 24,
    fit: async (table, options) => {
      const end = Math.min(options.validationStart ?? table.originIndex, table.originIndex);
      const available = end - rowsWithin(options.excluded, end);
      if (available < member.requiredHours)
        throw new InsufficientHistoryError(member.requiredHours, available, name);
      // What is left of the additive model is too noisy to count trees by: 3 to 310 on years alike.
      const validates = !isStacked && options.validationStart !== null && options.steps === null;
      const parameters = await fitBoosting(table, end, options, {
        ...recipe,
        trees: options.steps ?? recipe.trees,
        isStacked,
        validates,
      });
      const steps = validates ? parameters.trees.length : null;
      return fittedBoosting(name, parameters, steps);
    },
    restore: (saved) => Promise.resolve(fittedBoosting(name, restoreBoosting(saved, name), null)),
  };
  return member;
}

function fittedBoosting(
  name: string,
  parameters: BoostingParameters,
  steps: number | null,
): FittedMember {
  const { trees, cuts, hasTemperature, extras, hours, scale } = parameters;
  return {
    name,
    facts: {
      hours,
      trees: trees.length,
      'known up to': cuts.map((cut) => `${cut.hour} h`).join(', '),
      temperature: hasTemperature ? 'yes' : 'no',
      ...(extras.length > 0 ? { 'extra inputs': extras.join(', ') } : {}),
      scale: scale.kind,
    },
    curves: [],
    steps,
    predict: (table) => ({ pointMw: predictBoosting(name, parameters, table) }),
    save: () => saveBoosting(parameters, name),
    dispose: () => undefined,
  };
}

function predictBoosting(
  name: string,
  parameters: BoostingParameters,
  table: FeatureTable,
): Float64Array {
  const { scale, cuts, constant, trees, base } = parameters;
  const { originIndex, length, calendar } = table;
  refuseMissingInputs(name, parameters, table);
  const context = correctionContextHours + firstTarget;
  if (originIndex < context) throw new InsufficientHistoryError(context, originIndex, name);
  const series = rowSeries(table, scale);
  const latest = latestCut(cuts, table);
  const { cutOf, knownRows } = latest;
  const rows = rowsBetween(originIndex, length);
  const days = rows.map((row) => leadDayOf(calendar, row, cutOf, knownRows));
  const ridges = base ? baseForecast(base, series, latest) : null;
  const values = new Float64Array(rows.length);
  for (const day of new Set(days)) {
    const ofDay = rows.filter((_, i) => days[i] === day);
    const targets = targetsOf(calendar, cutOf, ofDay, day);
    const columns = boostingColumns(series, targets, parameters);
    const ofRidges = Float64Array.from(ofDay, (row) => ridges?.values[row - originIndex] ?? 0);
    if (ridges) {
      const firstMiss = knownRows - correctionContextHours;
      columns.push(
        ...stackedColumns(series, targets, {
          values: ofRidges,
          misses: ridges.residuals,
          firstMiss,
        }),
      );
    }
    const sums = sumOfTrees(
      trees,
      columns.map((column) => column.values),
      ofDay.length,
    );
    for (const [i, row] of ofDay.entries()) {
      const start = ridges ? ofRidges[i]! : series.weekLevel[targets.cuts[i]! - 1]!;
      values[row - originIndex] = loadOf(scale, start + constant + sums[i]!);
    }
  }
  return values;
}

function refuseMissingInputs(
  name: string,
  { hasTemperature, extras }: BoostingParameters,
  table: FeatureTable,
): void {
  if (hasTemperature && !table.hasTemperature)
    throw new LoadcastError(
      'INVALID_INPUT',
      `The member ${name} was trained with temperature, and the forecast has none; supply it or train without.`,
    );
  const missing = extras.find((extra) => table.extras.every((each) => each.name !== extra));
  if (missing !== undefined)
    throw new LoadcastError(
      'INVALID_INPUT',
      `The member ${name} was trained with "${missing}" and has none now; supply it, or train without.`,
    );
}
