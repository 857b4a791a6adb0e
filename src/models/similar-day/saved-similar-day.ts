import { z } from 'zod';
import { LoadcastError } from '../../core/errors.js';
import type { SavedMember } from '../member.js';
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
  const weights = new Uint8Array(8 * values.length);
  const view = new DataView(weights.buffer);
  for (const [i, value] of values.entries()) view.setFloat64(8 * i, value, true);
  return { name, manifest, weights };
}

/** @throws {LoadcastError} DAMAGED_MODEL if the parts do not fit together */
export function restoreSimilarDay(saved: SavedMember, name: string): SimilarDayParameters {
  const parsed = manifestSchema.safeParse(saved.manifest);
  if (saved.name !== name || !parsed.success)
    throw new LoadcastError(
      'DAMAGED_MODEL',
      `The manifest of ${name} cannot be read${parsed.success ? '' : ` (${z.prettifyError(parsed.error)})`}; retrain.`,
    );
  const { days: count, format: _, ...rest } = parsed.data;
  const { weights } = saved;
  if (weights.byteLength !== 8 * numbersOfDay * count)
    throw new LoadcastError(
      'DAMAGED_MODEL',
      `The member ${name} has ${weights.byteLength} bytes, ${count} days need ${8 * numbersOfDay * count}; retrain.`,
    );
  const view = new DataView(weights.buffer, weights.byteOffset, weights.byteLength);
  const days = Array.from({ length: count }, (_day, i): PastDay => {
    const at = (k: number): number => view.getFloat64(8 * (i * numbersOfDay + k), true);
    const hours = (from: number): Float64Array =>
      Float64Array.from({ length: hoursOfDay }, (_hour, hour) => at(from + hour));
    const [day, type, level] = [at(0), at(1), at(2)];
    if (!Number.isInteger(day) || !Number.isInteger(type))
      throw new LoadcastError('DAMAGED_MODEL', `A day of ${name} is none; retrain.`);
    return {
      day,
      type,
      level,
      weekTemperature: at(3),
      load: hours(4),
      temperature: hours(4 + hoursOfDay),
    };
  });
  return { ...rest, days };
}
