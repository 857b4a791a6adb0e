import { z } from 'zod';
import { LoadcastError } from '../../core/errors.js';
import { quantileLevels } from '../../core/forecast.js';
import {
  listedDays,
  lstmFeatureNames,
  type AddedInputs,
  type LstmFeatures,
} from './feature-names.js';

const manifestSchema = z.strictObject({
  network: z.strictObject({
    encoderSteps: z.int().positive(),
    decoderSteps: z.int().positive(),
    encoderFeatures: z.int().positive(),
    decoderFeatures: z.int().positive(),
    units: z.int().positive(),
    layers: z.int().min(1).max(3).default(1),
    headUnits: z.int().positive(),
    outputs: z.int().positive(),
    dropout: z.number().min(0).max(0.9),
    attention: z.boolean(),
    bidirectionalEncoder: z.boolean().default(false),
    bidirectionalDecoder: z.boolean(),
    normalisation: z.enum(['none', 'layer', 'batch']).default('none'),
  }),
  scaler: z.strictObject({
    // Models of before this was written down are of logarithms.
    scale: z.enum(['log', 'linear']).default('log'),
    logLoadMean: z.number(),
    logLoadDeviation: z.number().positive(),
    temperatureMean: z.number(),
    temperatureDeviation: z.number().positive(),
    extras: z
      .array(
        z.strictObject({ name: z.string(), mean: z.number(), deviation: z.number().positive() }),
      )
      .readonly()
      .optional(),
    missDeviation: z.number().positive().optional(),
  }),
  hasTemperature: z.boolean(),
  // left out where there is none, as in models of before
  listedDays: z.array(z.enum(listedDays)).optional(),
  seeds: z.array(z.int()).min(1),
  steps: z.int().positive(),
  servingSteps: z.int().positive(),
  trainingHours: z.int().positive(),
  // Models of before these were written down have the usual inputs, levels and median, and do not tell their span.
  pointOutput: z.int().nonnegative().default(quantileLevels.indexOf(0.5)),
  features: z
    .strictObject({ encoder: z.array(z.string()), decoder: z.array(z.string()) })
    .optional(),
  levels: z
    .array(z.number().gt(0).lt(1))
    .nullable()
    .default([...quantileLevels]),
  /** the additive model that a stacked network reads: its manifest, and its bytes at the end of the weights */
  base: z.strictObject({ manifest: z.unknown(), bytes: z.int().positive() }).optional(),
  trainingSpan: z.strictObject({ firstHourMs: z.int(), endMs: z.int() }).nullable().default(null),
});

export interface LstmManifest extends Omit<z.infer<typeof manifestSchema>, 'features'> {
  /** names of the inputs in their order */
  readonly features: LstmFeatures<string>;
}

/**
 * @throws {LoadcastError} DAMAGED_MODEL if the stored manifest is not one of an LSTM, or the model reads other inputs
 * than this version computes
 */
export function lstmManifest(stored: unknown): LstmManifest {
  const parsed = manifestSchema.safeParse(stored);
  if (!parsed.success)
    throw new LoadcastError(
      'DAMAGED_MODEL',
      `The LSTM's manifest cannot be read (${z.prettifyError(parsed.error)}); retrain.`,
    );
  const named = lstmFeatureNames(parsed.data.hasTemperature, addedOf(parsed.data));
  const { features = named, ...rest } = parsed.data;
  const manifest = { ...rest, features };
  assertKnownInputs(manifest, 'encoder', rest.network.encoderFeatures);
  assertKnownInputs(manifest, 'decoder', rest.network.decoderFeatures);
  return manifest;
}

/** The inputs besides those of the recipe. */
export function addedOf({
  listedDays: listed = [],
  scaler: { extras = [] },
  base,
}: Pick<LstmManifest, 'listedDays' | 'scaler' | 'base'>): AddedInputs {
  return { listed, extras: extras.map(({ name }) => name), isStacked: base !== undefined };
}

function assertKnownInputs(
  manifest: LstmManifest,
  part: 'encoder' | 'decoder',
  inputs: number,
): void {
  const known = lstmFeatureNames(manifest.hasTemperature, addedOf(manifest))[part];
  const names = manifest.features[part];
  const at = Array.from({ length: Math.max(known.length, names.length) }).findIndex(
    (_, i) => known[i] !== names[i],
  );
  if (at >= 0)
    throw new LoadcastError(
      'DAMAGED_MODEL',
      `The LSTM's manifest has ${names[at] ?? 'no name'} as input ${at + 1} of its ${part}, ` +
        `this version ${known[at] ?? 'none'}; retrain.`,
    );
  if (names.length !== inputs)
    throw new LoadcastError(
      'DAMAGED_MODEL',
      `The LSTM's manifest names ${names.length} inputs of its ${part}, the network has ${inputs}; retrain.`,
    );
}
