import { z } from 'zod';
import { LoadcastError } from '../../core/errors.js';
import { quantileLevels } from '../../core/forecast.js';

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
    logLoadMean: z.number(),
    logLoadDeviation: z.number().positive(),
    temperatureMean: z.number(),
    temperatureDeviation: z.number().positive(),
  }),
  hasTemperature: z.boolean(),
  seeds: z.array(z.int()).min(1),
  steps: z.int().positive(),
  servingSteps: z.int().positive(),
  trainingHours: z.int().positive(),
  // Models of before this was written down have the median of the usual levels.
  pointOutput: z.int().nonnegative().default(quantileLevels.indexOf(0.5)),
});

export type LstmManifest = z.infer<typeof manifestSchema>;

/** @throws {LoadcastError} DAMAGED_MODEL if the stored manifest is not one of an LSTM */
export function lstmManifest(stored: unknown): LstmManifest {
  const parsed = manifestSchema.safeParse(stored);
  if (parsed.success) return parsed.data;
  throw new LoadcastError(
    'DAMAGED_MODEL',
    `The LSTM's manifest cannot be read (${z.prettifyError(parsed.error)}); retrain.`,
  );
}
