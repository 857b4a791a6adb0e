import { z } from 'zod';
import { LoadcastError } from '../../core/errors.js';
import type { SavedMember } from '../member.js';
import { assertBytes, bytesOf, doubleReader, readManifest } from '../saved-parts.js';
import { hoursOfDay, type PastDay, type SimilarDayParameters } from './days.js';

const manifestSchema = z.strictObject({
  format: z.literal(1),
  scale: z.strictObject({ kind: z.enum(['log', 'linear']), unitMw: z.number().positive() }),
  hasTemperature: z.boolean(),
  temperatureDeviation: z.number().positive(),
  /** whole days, each with its number, type, level, temperature of the week, 24 loads and 24 temperatures */
  days: z.int().positive(),
});

const numbersOfDay = 4 + 2 * hoursOfDay;

/** The manifest in JSON, the days as little-endian doubles; NaN where something is not known. */
export function saveSimilarDay(parameters: SimilarDayParameters, name: string): SavedMember {
  const { days, scale, ...rest } = parameters;
  const manifest: z.infer<typeof manifestSchema> = {
    format: 1,
    ...rest,
    scale: { ...scale },
    days: days.length,
  };
  const values = days.flatMap(({ day, type, level, weekTemperature, load, temperature }) => [
    day,
    type,
    level,
    weekTemperature,
    ...load,
    ...temperature,
  ]);
  return { name, manifest, weights: bytesOf(values) };
}

/** @throws {LoadcastError} DAMAGED_MODEL if the parts do not fit together */
export function restoreSimilarDay(saved: SavedMember, name: string): SimilarDayParameters {
  const { days: count, format: _, ...rest } = readManifest(manifestSchema, saved, name);
  assertBytes(saved.weights, 8 * numbersOfDay * count, name);
  const next = doubleReader(saved.weights);
  const hours = (): Float64Array => Float64Array.from({ length: hoursOfDay }, next);
  const days = Array.from({ length: count }, (): PastDay => {
    const [day, type, level, weekTemperature] = [next(), next(), next(), next()];
    if (!Number.isInteger(day) || !Number.isInteger(type))
      throw new LoadcastError('DAMAGED_MODEL', `A day of ${name} is none; retrain.`);
    return {
      day,
      type,
      level,
      weekTemperature,
      load: hours(),
      temperature: hours(),
    };
  });
  return { ...rest, days };
}
