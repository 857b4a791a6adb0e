import { InsufficientHistoryError, LoadcastError } from '../../core/errors.js';
import { quantileLevels } from '../../core/forecast.js';
import { createRandom, shuffle } from '../../core/random.js';
import type { TrainingCurve } from '../../core/model-card.js';
import type { FeatureTable } from '../../features/feature-table.js';
import { initialiseBackend } from '../../neural/backend.js';
import { parameterLayout } from '../../neural/parameter-layout.js';
import { createSeq2SeqPredictor } from '../../neural/predictor.js';
import type { Seq2SeqOptions } from '../../neural/seq2seq.js';
import { trainSeq2Seq, type Batch, type TrainedSeq2Seq } from '../../neural/train.js';
import type { FitOptions, FittedMember, Member, SavedMember } from '../member.js';
import {
  decoderHours,
  emptyBatch,
  encoderHours,
  fillSample,
  firstOrigin,
  fitScaler,
  lstmColumns,
  type LstmColumns,
  type LstmScaler,
} from './inputs.js';
import { lstmManifest, type LstmManifest } from './manifest.js';

const hoursPerYear = 8766;
const memoryYears = 5;
const medianIndex = quantileLevels.indexOf(0.5);
const ensembleSeeds = 2;
const leastServingShare = 0.9;
const validationEvery = 20;
const validationSamples = 96;

/**
 * Seq2Seq LSTM with attention, recipe A of the protocol: an encoder over the last week, a bidirectional decoder over
 * the horizon that reads known-future and lagged inputs, a quantile head on log load; mean of two seeds.
 */
export const lstmMember: Member = {
  name: 'lstm',
  requiredHours: 8 * 7 * 24,
  contextHours: 336,
  async fit(table, options) {
    const available = table.originIndex;
    if (available < this.requiredHours)
      throw new InsufficientHistoryError(this.requiredHours, available, 'the LSTM');
    return fit(table, options);
  },
  restore,
};

async function fit(table: FeatureTable, options: FitOptions): Promise<FittedMember> {
  const trainingRows = options.validationStart ?? table.originIndex;
  const scaler = fitScaler(table, trainingRows);
  const columns = lstmColumns(table, scaler, table.hasTemperature);
  const network = recipe(columns);
  const steps = options.steps ?? recipeSteps(trainingRows);
  const origins = trainingOrigins(trainingRows);
  const validation = validationBatch(table, columns, options.validationStart);
  const seeds = Array.from({ length: ensembleSeeds }, (_, index) => options.seed * 1000 + index);
  let failed = false;
  const train = async (seed: number, index: number): Promise<TrainedSeq2Seq> => {
    try {
      return await trainSeq2Seq({
        network,
        levels: quantileLevels,
        steps,
        learningRate: 6e-3,
        warmupShare: 0.1,
        batchRows: 64,
        clipNorm: 1,
        seed,
        threads: Math.max(1, Math.floor(options.threads / ensembleSeeds)),
        engine: options.engine ?? 'wasm',
        fillBatch: originSampler(columns, origins, trainingRows, seed),
        validation,
        ...(index === 0 && options.onStep ? { onStep: options.onStep } : {}),
        // A seed that fails ends the other one too: its result would not be used.
        shouldStop: () => failed || (options.shouldStop?.() ?? false),
      });
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const trained = await trainSeeds(seeds, options.threads, train);
  const found = trained.map((run) => run.bestStep ?? steps);
  const share = found.reduce((sum, step) => sum + step, 0) / found.length / steps;
  const manifest: LstmManifest = {
    network,
    scaler,
    hasTemperature: columns.hasTemperature,
    seeds,
    steps,
    // The best step may shorten the final fit a little, never by much: on validation seasons that the training part
    // has not seen it comes far too early (docs/decisions/0006).
    servingSteps: Math.round(Math.max(leastServingShare, share) * recipeSteps(table.originIndex)),
    trainingHours: trainingRows,
  };
  return fitted(
    manifest,
    trained.map((run) => run.parameters),
    trained.map((run) => run.curve),
  );
}

/** Each seed in threads of its own, side by side where there are threads for both. */
async function trainSeeds(
  seeds: readonly number[],
  threads: number,
  train: (seed: number, index: number) => Promise<TrainedSeq2Seq>,
): Promise<TrainedSeq2Seq[]> {
  if (threads >= seeds.length) return Promise.all(seeds.map(train));
  const trained: TrainedSeq2Seq[] = [];
  for (const [index, seed] of seeds.entries()) trained.push(await train(seed, index));
  return trained;
}

/** 380 steps for one year of history, 520 for two, 940 for five and more: chosen on training years. */
export function recipeSteps(hours: number): number {
  const years = Math.min(memoryYears, hours / hoursPerYear);
  return Math.round(240 + 140 * years);
}

function recipe(columns: LstmColumns): Seq2SeqOptions {
  return {
    encoderSteps: encoderHours,
    decoderSteps: decoderHours,
    encoderFeatures: columns.encoderFeatures,
    decoderFeatures: columns.decoderFeatures,
    units: 32,
    layers: 1,
    headUnits: 64,
    outputs: quantileLevels.length,
    dropout: 0.1,
    attention: true,
    bidirectionalEncoder: false,
    bidirectionalDecoder: true,
    normalisation: 'none',
  };
}

/** Origins at all hours whose horizon lies in the training rows, at most the last five years. */
function trainingOrigins(trainingRows: number): Int32Array {
  const last = trainingRows - decoderHours;
  const first = Math.max(firstOrigin, last - memoryYears * hoursPerYear);
  return Int32Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index);
}

/** Draws origins without replacement, epoch after epoch, by the seed alone. */
function originSampler(
  columns: LstmColumns,
  origins: Int32Array,
  knownRows: number,
  seed: number,
): (step: number, batch: Batch) => void {
  const random = createRandom('origins', seed);
  const order = origins.slice();
  let next = order.length;
  return (_step, batch) => {
    const samples = batch.target.length / decoderHours;
    for (let sample = 0; sample < samples; sample++) {
      if (next >= order.length) {
        shuffle(order, random);
        next = 0;
      }
      fillSample(columns, order[next++]!, sample, batch, knownRows);
    }
  };
}

/** Local midnights of the validation rows, thinned evenly. */
function validationBatch(
  table: FeatureTable,
  columns: LstmColumns,
  validationStart: number | null,
): { batch: Batch; rows: number; every: number; patience: number } | null {
  if (validationStart === null) return null;
  const midnights: number[] = [];
  for (let row = validationStart; row + decoderHours <= table.originIndex; row++) {
    if (table.calendar.hour[row] === 0) midnights.push(row);
  }
  if (midnights.length === 0) return null;
  const stride = Math.ceil(midnights.length / validationSamples);
  const chosen = midnights.filter((_, index) => index % stride === 0);
  const batch = emptyBatch(columns, chosen.length);
  for (const [sample, origin] of chosen.entries())
    fillSample(columns, origin, sample, batch, table.originIndex);
  return { batch, rows: chosen.length, every: validationEvery, patience: 10 };
}

async function restore(saved: SavedMember): Promise<FittedMember> {
  const manifest = lstmManifest(saved.manifest);
  const { size } = parameterLayout(manifest.network);
  const wantedBytes = manifest.seeds.length * size * Float32Array.BYTES_PER_ELEMENT;
  if (saved.weights.byteLength !== wantedBytes)
    throw new LoadcastError(
      'DAMAGED_MODEL',
      `The LSTM's weights have ${saved.weights.byteLength} bytes, ${manifest.seeds.length} seeds of ${size} numbers need ${wantedBytes}; retrain.`,
    );
  // A copy: the bytes read from a file need not be aligned, and a Buffer's own slice is none.
  const all = new Float32Array(new Uint8Array(saved.weights).buffer);
  const parameters = manifest.seeds.map((_, index) => all.slice(index * size, (index + 1) * size));
  return fitted(manifest, parameters, []);
}

async function fitted(
  manifest: LstmManifest,
  parameters: readonly Float32Array[],
  curves: readonly TrainingCurve[],
): Promise<FittedMember> {
  await initialiseBackend();
  const predictors = parameters.map((seed) => createSeq2SeqPredictor(manifest.network, seed));
  return {
    name: 'lstm',
    facts: {
      units: manifest.network.units,
      'training steps': manifest.steps,
      seeds: manifest.seeds.length,
      'training hours': manifest.trainingHours,
      parameters: parameters[0]?.length ?? 0,
    },
    curves,
    steps: manifest.servingSteps,
    predict(table) {
      if (manifest.hasTemperature && !table.hasTemperature)
        throw new LoadcastError(
          'INVALID_INPUT',
          'The LSTM was trained with temperature and has none now.',
        );
      const columns = lstmColumns(table, manifest.scaler, manifest.hasTemperature);
      const batch = emptyBatch(columns, 1);
      fillSample(columns, table.originIndex, 0, batch, table.originIndex);
      const pointMw = new Float64Array(decoderHours);
      for (const predictor of predictors)
        addMedianMw(pointMw, predictor.predict(batch, 1), manifest.scaler, predictors.length);
      return { pointMw };
    },
    save: () => ({
      name: 'lstm',
      manifest,
      weights: concatenate(parameters),
    }),
    dispose() {
      for (const predictor of predictors) predictor.dispose();
    },
  };
}

function addMedianMw(
  pointMw: Float64Array,
  outputs: Float32Array,
  scaler: LstmScaler,
  seeds: number,
): void {
  for (let step = 0; step < pointMw.length; step++) {
    const z = outputs[step * quantileLevels.length + medianIndex]!;
    pointMw[step] =
      pointMw[step]! + Math.exp(z * scaler.logLoadDeviation + scaler.logLoadMean) / seeds;
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
