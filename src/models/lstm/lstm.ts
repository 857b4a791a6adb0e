import { InsufficientHistoryError, LoadcastError } from '../../core/errors.js';
import type { TrainingCurve } from '../../core/model-card.js';
import { hourMs } from '../../core/time.js';
import type { FeatureTable } from '../../features/feature-table.js';
import { rowsWithin } from '../../features/folds.js';
import { initialiseBackend } from '../../neural/backend.js';
import { outputsPerTarget } from '../../neural/losses.js';
import { createSeq2SeqPredictor } from '../../neural/predictor.js';
import type { Seq2SeqOptions } from '../../neural/seq2seq.js';
import { trainSeq2Seq, type TrainedSeq2Seq } from '../../neural/train.js';
import type { CheckpointOptions } from '../../neural/training-options.js';
import type { FitOptions, FittedMember, Member, SavedMember } from '../member.js';
import { additiveMember } from '../additive/additive.js';
import { servingBase } from '../additive/base-rows.js';
import type { AdditiveParameters } from '../additive/fit-additive.js';
import { inputNoise } from './augmentation.js';
import { countAdded, lstmFeatureNames, type AddedInputs } from './feature-names.js';
import {
  addedIn,
  emptyBatch,
  encoderHours,
  featureCounts,
  fillSample,
  firstOrigin,
  fitScaler,
  lstmColumns,
  type LstmColumns,
} from './inputs.js';
import { recipeFacts } from './lstm-options.js';
import { addedOf, lstmManifest, type LstmManifest } from './manifest.js';
import { originSampler, trainingOrigins, validationOf, type WindowRows } from './origins.js';
import {
  cosineSchedule,
  defaultRecipe,
  pointOutput,
  stackedRecipe,
  recipeSteps,
  type LstmNetwork,
  type LstmRecipe,
} from './recipe.js';
import { savedBase, savedParameters } from './saved-parameters.js';
import { appendBase, baseManifest, stackOn } from './stack-on.js';
import { warmStartOf, type WarmStart } from './warm-start.js';

/** steps that a kill may cost: one to three seconds of work, against some milliseconds for each checkpoint */
const checkpointEvery = 20;

export type LstmName = 'lstm' | 'lstm-stacked';

const usualRecipe: Readonly<Record<LstmName, LstmRecipe>> = {
  lstm: defaultRecipe,
  'lstm-stacked': stackedRecipe,
};

/** What a caller may choose of the recipe; the rest is the default's. */
export type LstmOverrides = Partial<Omit<LstmRecipe, 'network'>> & {
  readonly network?: Partial<LstmNetwork>;
};

/**
 * Seq2Seq LSTM with attention, recipe A of the protocol: an encoder over the last week, a bidirectional decoder over
 * the horizon that reads known-future and lagged inputs, a quantile head on log load; mean of two seeds.
 */
export const lstmMember: Member = createLstmMember();

/** The same on what the additive model says, recipe G: its forecasts, out of fold, and its last misses are inputs too. */
export const stackedLstmMember: Member = createLstmMember({}, 'lstm-stacked');

/** The LSTM with choices of its own. Whatever the recipe, a stored model is restored as what it was. */
export function createLstmMember(overrides: LstmOverrides = {}, name: LstmName = 'lstm'): Member {
  const usual = usualRecipe[name];
  const recipe: LstmRecipe = {
    ...usual,
    ...overrides,
    network: { ...usual.network, ...overrides.network },
  };
  const requiredHours = 8 * 7 * 24;
  return {
    name,
    requiredHours,
    contextHours: name === 'lstm' ? 336 : additiveMember.contextHours,
    async fit(table, options) {
      const available = table.originIndex - rowsWithin(options.excluded, table.originIndex);
      if (available < requiredHours)
        throw new InsufficientHistoryError(requiredHours, available, 'the LSTM');
      return fit(name, recipe, table, options);
    },
    restore: (saved) => restore(name, saved),
  };
}

async function fit(
  name: LstmName,
  recipe: LstmRecipe,
  table: FeatureTable,
  options: FitOptions,
): Promise<FittedMember> {
  const trainingRows = options.validationStart ?? table.originIndex;
  const trainingHours = trainingRows - rowsWithin(options.excluded, trainingRows);
  const { hasTemperature } = table;
  const stacked = name === 'lstm-stacked' ? stackOn(table, trainingRows, options) : null;
  const added = { ...addedIn(table, trainingRows), isStacked: stacked !== null };
  const network = networkOf(recipe, table, added);
  const seeds = Array.from({ length: recipe.seeds }, (_, index) => options.seed * 1000 + index);
  const start = options.previous
    ? warmStartOf(options.previous, { network, hasTemperature, added, seeds: seeds.length })
    : null;
  const warm = typeof start === 'string' ? null : start;
  const scaler =
    warm?.scaler ??
    fitScaler(table, trainingRows, options.excluded ?? null, added.extras, stacked?.rows);
  const columns = lstmColumns(table, scaler, hasTemperature, added, stacked?.rows);
  const steps = trainingSteps(recipe, options, trainingHours, warm);
  const trained = await trainSeeds(recipe, table, columns, options, {
    network,
    added,
    seeds,
    steps,
    trainingRows,
    warm,
    name,
    window: stacked?.window ?? { first: firstOrigin, back: firstOrigin },
  });
  const found = trained.map((run) => run.bestStep ?? steps);
  const share = found.reduce((sum, step) => sum + step, 0) / found.length / steps;
  const manifest: LstmManifest = {
    network,
    scaler,
    hasTemperature,
    ...(added.listed.length > 0 ? { listedDays: [...added.listed] } : {}),
    seeds,
    steps,
    // The best step may shorten the final fit a little, never by much: on validation seasons that the training part
    // has not seen it comes far too early (docs/decisions/0006).
    servingSteps: Math.round(
      Math.max(recipe.leastServingShare, share) * recipeSteps(recipe, table.originIndex),
    ),
    trainingHours,
    pointOutput: pointOutput(recipe),
    levels: recipe.loss.kind === 'pinball' ? [...recipe.loss.levels] : null,
    features: lstmFeatureNames(hasTemperature, added),
    ...(stacked ? { base: baseManifest(stacked.parameters) } : {}),
    trainingSpan: { firstHourMs: table.startMs, endMs: table.startMs + trainingRows * hourMs },
  };
  return fitted(
    name,
    manifest,
    stacked?.parameters ?? null,
    trained.map((run) => run.parameters),
    trained.map((run) => run.curve),
    trainingFacts(name, recipe, options, start, trained),
  );
}

function trainingSteps(
  recipe: LstmRecipe,
  options: FitOptions,
  trainingHours: number,
  warm: WarmStart | null,
): number {
  const steps = options.steps ?? recipeSteps(recipe, trainingHours);
  return warm ? Math.max(1, Math.round(recipe.warmStart.stepShare * steps)) : steps;
}

interface SeedTraining {
  readonly network: Seq2SeqOptions;
  readonly added: AddedInputs;
  readonly seeds: readonly number[];
  readonly steps: number;
  readonly trainingRows: number;
  readonly warm: WarmStart | null;
  readonly name: LstmName;
  readonly window: WindowRows;
}

/** Each seed in threads of its own, side by side where there are threads for all. */
async function trainSeeds(
  recipe: LstmRecipe,
  table: FeatureTable,
  columns: LstmColumns,
  options: FitOptions,
  { network, added, seeds, steps, trainingRows, warm, name, window }: SeedTraining,
): Promise<TrainedSeq2Seq[]> {
  const origins = trainingOrigins(
    recipe,
    trainingRows,
    table.horizonHours,
    options.excluded ?? null,
    window,
  );
  if (origins.length === 0)
    throw new LoadcastError(
      'INSUFFICIENT_HISTORY',
      `The LSTM's windows of ${window.back + table.horizonHours} h find no place in ${trainingRows} h of history${options.excluded ? ` beside the ${rowsWithin(options.excluded, trainingRows)} h left out` : ''}.`,
    );
  const validation = validationOf(recipe, table, columns, options.validationStart);
  let failed = false;
  const sideBySide = options.threads >= seeds.length;
  const train = async (seed: number, index: number): Promise<TrainedSeq2Seq> => {
    const initial = warm?.parameters[index];
    try {
      return await trainSeq2Seq({
        network,
        loss: recipe.loss,
        optimiser: recipe.optimiser,
        learningRate: recipe.learningRate * (warm ? recipe.warmStart.rateShare : 1),
        schedule: scheduleOf(recipe, validation !== null),
        clip: recipe.clip,
        inputNoise: inputNoise(
          recipe.loadNoise,
          recipe.temperatureNoise,
          columns.hasTemperature,
          countAdded(added),
          added.isStacked,
        ),
        steps,
        batchRows: recipe.batchRows,
        seed,
        threads: sideBySide ? Math.floor(options.threads / seeds.length) : options.threads,
        engine: options.engine ?? 'wasm',
        fillBatch: originSampler(columns, origins, trainingRows, seed),
        validation,
        ...(initial ? { initial } : {}),
        ...checkpointOf(name, options, seed),
        ...(index === 0 && options.onStep ? { onStep: options.onStep } : {}),
        ...(options.onEvent ? { onEvent: options.onEvent } : {}),
        // A seed that fails ends the other one too: its result would not be used.
        shouldStop: () => failed || (options.shouldStop?.() ?? false),
      });
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  if (sideBySide) return Promise.all(seeds.map(train));
  const trained: TrainedSeq2Seq[] = [];
  for (const [index, seed] of seeds.entries()) trained.push(await train(seed, index));
  return trained;
}

function checkpointOf(
  name: LstmName,
  { checkpoints }: FitOptions,
  seed: number,
): { checkpoint?: CheckpointOptions } {
  const slot = checkpoints?.(`${name}-seed-${seed}`);
  return slot ? { checkpoint: { ...slot, every: checkpointEvery } } : {};
}

/** A plateau is found on validation: a fit without any takes the cosine. */
function scheduleOf({ schedule }: LstmRecipe, hasValidation: boolean): LstmRecipe['schedule'] {
  return schedule.kind === 'plateau' && !hasValidation ? cosineSchedule : schedule;
}

function networkOf(
  { network, loss }: LstmRecipe,
  { hasTemperature, horizonHours }: FeatureTable,
  added: AddedInputs,
): Seq2SeqOptions {
  return {
    encoderSteps: encoderHours,
    decoderSteps: horizonHours,
    ...featureCounts(hasTemperature, added),
    ...network,
    outputs: outputsPerTarget(loss),
  };
}

/** What the model card says of the recipe and of how it was trained, where that was not the usual way. */
function trainingFacts(
  name: LstmName,
  recipe: LstmRecipe,
  options: FitOptions,
  start: WarmStart | string | null,
  trained: readonly TrainedSeq2Seq[],
): Record<string, string | number> {
  const retries = trained.reduce((sum, run) => sum + run.retries, 0);
  const cosine = recipe.schedule.kind === 'plateau' && options.validationStart === null;
  return {
    ...recipeFacts(recipe, usualRecipe[name]),
    ...(start === null
      ? {}
      : { 'warm start': typeof start === 'string' ? `no: ${start}` : 'from the previous model' }),
    ...(retries > 0 ? { 'new starts at half the rate': retries } : {}),
    ...(cosine ? { schedule: 'cosine, for want of validation' } : {}),
  };
}

async function restore(name: LstmName, saved: SavedMember): Promise<FittedMember> {
  const manifest = lstmManifest(saved.manifest);
  const parameters = savedParameters(manifest, saved.weights);
  const base = savedBase(manifest, saved.weights);
  return fitted(name, manifest, base, parameters, [], {});
}

async function fitted(
  name: LstmName,
  manifest: LstmManifest,
  base: AdditiveParameters | null,
  parameters: readonly Float32Array[],
  curves: readonly TrainingCurve[],
  factsOfTraining: Readonly<Record<string, string | number>>,
): Promise<FittedMember> {
  await initialiseBackend();
  const { extras } = addedOf(manifest);
  const predictors = parameters.map((seed) => createSeq2SeqPredictor(manifest.network, seed));
  return {
    name,
    facts: {
      units: manifest.network.units,
      'training steps': manifest.steps,
      seeds: manifest.seeds.length,
      'training hours': manifest.trainingHours,
      parameters: parameters[0]?.length ?? 0,
      ...(extras.length > 0 ? { 'extra inputs': extras.join(', ') } : {}),
      ...factsOfTraining,
    },
    curves,
    steps: manifest.servingSteps,
    predict(table) {
      if (manifest.hasTemperature && !table.hasTemperature)
        throw new LoadcastError(
          'INVALID_INPUT',
          'The LSTM was trained with temperature and has none now.',
        );
      const steps = manifest.network.decoderSteps;
      if (table.length - table.originIndex !== steps)
        throw new LoadcastError(
          'INVALID_INPUT',
          `It was trained for ${steps} h, the forecast is of ${table.length - table.originIndex} h; train it again.`,
        );
      const columns = lstmColumns(
        table,
        manifest.scaler,
        manifest.hasTemperature,
        addedOf(manifest),
        base && servingBase(base, table),
      );
      const batch = emptyBatch(columns, 1);
      fillSample(columns, table.originIndex, 0, batch, table.originIndex);
      const pointMw = new Float64Array(steps);
      for (const predictor of predictors)
        addPointMw(pointMw, predictor.predict(batch, 1), manifest, predictors.length);
      return { pointMw };
    },
    save: () => ({ name, manifest, weights: appendBase(concatenate(parameters), base) }),
    dispose() {
      for (const predictor of predictors) predictor.dispose();
    },
  };
}

function addPointMw(
  pointMw: Float64Array,
  outputs: Float32Array,
  { network, scaler, pointOutput: point }: LstmManifest,
  seeds: number,
): void {
  for (let step = 0; step < pointMw.length; step++) {
    const value =
      outputs[step * network.outputs + point]! * scaler.logLoadDeviation + scaler.logLoadMean;
    pointMw[step] = pointMw[step]! + (scaler.scale === 'log' ? Math.exp(value) : value) / seeds;
  }
}

function concatenate(parts: readonly Float32Array[]): Uint8Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(all.buffer);
}
