import { LoadcastError } from '../../core/errors.js';
import { quantileLevels } from '../../core/forecast.js';
import type { LossOptions } from '../../neural/losses.js';
import type { ClipOptions, OptimiserOptions } from '../../neural/optimiser.js';
import type { ScheduleOptions } from '../../neural/schedule.js';
import type { Seq2SeqOptions } from '../../neural/seq2seq-options.js';

/** Every choice of the LSTM member. With a table and a seed it fixes the fitted model. */
export interface LstmRecipe {
  /** the parts of the network that neither the inputs nor the loss decide */
  readonly network: LstmNetwork;
  /** pinball: one output a level, the median is the point; any other loss: the one output is the point */
  readonly loss: LossOptions;
  readonly optimiser: OptimiserOptions;
  readonly learningRate: number;
  /** a plateau needs validation: a fit without falls back on `cosineSchedule` and says so in its facts */
  readonly schedule: ScheduleOptions;
  readonly clip: ClipOptions;
  readonly batchRows: number;
  /** networks whose mean is the forecast */
  readonly seeds: number;
  /** history that is trained on, counted from its end */
  readonly memoryYears: number;
  /** training steps: `base` and so many more for each year of history, up to `memoryYears` */
  readonly steps: { readonly base: number; readonly perYear: number };
  readonly validation: {
    /** steps between checks */
    readonly every: number;
    /** checks without gain that end a training */
    readonly patience: number;
    /** origins at most, thinned evenly */
    readonly samples: number;
  };
  /** the best step of the split run shortens the serving fit to this share at most (docs/decisions/0006) */
  readonly leastServingShare: number;
  /** standard deviation of the noise on each hour's load in training, as a share of that of log load; 0 = none */
  readonly loadNoise: number;
  /** the same of the temperature */
  readonly temperatureNoise: number;
  /** shares of steps and rate that a training from the previous model takes */
  readonly warmStart: { readonly stepShare: number; readonly rateShare: number };
}

/** The network's own choices, as named in `Seq2SeqOptions`. */
export type LstmNetwork = Omit<
  Seq2SeqOptions,
  'encoderSteps' | 'decoderSteps' | 'encoderFeatures' | 'decoderFeatures' | 'outputs'
>;

export const cosineSchedule: ScheduleOptions = { kind: 'cosine', warmupShare: 0.1 };

export const defaultRecipe: LstmRecipe = {
  network: {
    units: 32,
    layers: 1,
    headUnits: 64,
    dropout: 0.1,
    attention: true,
    bidirectionalEncoder: false,
    bidirectionalDecoder: true,
    normalisation: 'none',
  },
  loss: { kind: 'pinball', levels: quantileLevels },
  optimiser: { kind: 'adam', l2: 0 },
  learningRate: 6e-3,
  schedule: cosineSchedule,
  clip: { norm: 1 },
  batchRows: 64,
  seeds: 2,
  memoryYears: 5,
  // 380 for one year of history, 520 for two, 940 for five and more: chosen on training years
  steps: { base: 240, perYear: 140 },
  validation: { every: 20, patience: 10, samples: 96 },
  leastServingShare: 0.9,
  loadNoise: 0,
  temperatureNoise: 0,
  // not measured yet; off unless the configuration says so
  warmStart: { stepShare: 0.4, rateShare: 0.4 },
};

/**
 * Recipe G: what the additive model says is an input; without attention, as it brings nothing here. Half the steps of the
 * default do: on the years before the test years more were no better.
 */
export const stackedRecipe: LstmRecipe = {
  ...defaultRecipe,
  network: { ...defaultRecipe.network, attention: false },
  learningRate: 3e-3,
  steps: { base: 160, perYear: 90 },
};

const hoursPerYear = 8766;

/** Training steps for so many hours of history. */
export function recipeSteps({ steps, memoryYears }: LstmRecipe, hours: number): number {
  const years = Math.min(memoryYears, hours / hoursPerYear);
  return Math.round(steps.base + steps.perYear * years);
}

/** Hours of history that are trained on at most. */
export function memoryHours({ memoryYears }: LstmRecipe): number {
  return memoryYears * hoursPerYear;
}

/**
 * Index of the output that is the point forecast.
 * @throws LoadcastError INVALID_INPUT for pinball levels without the median
 */
export function pointOutput({ loss }: LstmRecipe): number {
  if (loss.kind !== 'pinball') return 0;
  const index = loss.levels.indexOf(0.5);
  if (index >= 0) return index;
  throw new LoadcastError(
    'INVALID_INPUT',
    `The LSTM's point is its median: the pinball levels ${loss.levels.join(', ')} lack 0.5.`,
  );
}
