import { z } from 'zod';
import { LoadcastError } from '../../core/errors.js';
import type { SavedMember } from '../member.js';
import type { ProphetParameters } from './parameters.js';
import { correctionFeatures, correctionLeads } from '../linear/residual-correction.js';

const numbers = z.array(z.number());

const manifestSchema = z.strictObject({
  format: z.literal(1),
  recipe: z.strictObject({
    yearlyOrder: z.int().min(0).max(20),
    knots: numbers,
    smoothedKnots: numbers,
    holidayNames: z.array(z.string()),
    sharedHolidays: z.boolean().optional(),
  }),
  transform: z.strictObject({
    kind: z.enum(['log', 'linear']),
    centre: z.number(),
    spread: z.number(),
  }),
  termNames: z.array(z.string()),
  trend: z.strictObject({
    yScale: z.number(),
    startLocalMs: z.number(),
    endLocalMs: z.number(),
    k: z.number(),
    m: z.number(),
    tChange: numbers,
    sigmaObs: z.number(),
  }),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** The manifest in JSON; means, deviations, δ, β and the correction as little-endian doubles. */
export function saveParameters(parameters: ProphetParameters, name: string): SavedMember {
  const { recipe, transform, termNames, scaler, coefficients, correction, facts } = parameters;
  const { delta, beta, ...trend } = coefficients;
  const manifest: z.infer<typeof manifestSchema> = {
    format: 1,
    recipe: {
      ...recipe,
      knots: [...recipe.knots],
      smoothedKnots: [...recipe.smoothedKnots],
      holidayNames: [...recipe.holidayNames],
    },
    transform,
    termNames: [...termNames],
    trend: { ...trend, tChange: [...trend.tChange] },
    facts,
  };
  const values = [...scaler.means, ...scaler.deviations, ...delta, ...beta, ...correction];
  const weights = new Uint8Array(8 * values.length);
  const view = new DataView(weights.buffer);
  for (const [i, value] of values.entries()) view.setFloat64(8 * i, value, true);
  return { name, manifest, weights };
}

/** @throws {LoadcastError} DAMAGED_MODEL if the parts do not fit together */
export function restoreParameters(saved: SavedMember, name: string): ProphetParameters {
  if (saved.name !== name)
    throw new LoadcastError('DAMAGED_MODEL', `Model "${saved.name}" is not "${name}".`);
  const parsed = manifestSchema.safeParse(saved.manifest);
  if (!parsed.success)
    throw new LoadcastError(
      'DAMAGED_MODEL',
      `Prophet's manifest: ${z.prettifyError(parsed.error)}`,
    );
  const { recipe, transform, termNames, trend, facts } = parsed.data;
  const [terms, steps] = [termNames.length, trend.tChange.length];
  const corrections = correctionLeads * correctionFeatures;
  const needed = 8 * (3 * terms + steps + corrections);
  if (saved.weights.byteLength !== needed)
    throw new LoadcastError(
      'DAMAGED_MODEL',
      `Prophet's weights have ${saved.weights.byteLength} bytes, its manifest asks for ${needed}.`,
    );
  const { buffer, byteOffset, byteLength } = saved.weights;
  const view = new DataView(buffer, byteOffset, byteLength);
  let at = 0;
  const take = (count: number): Float64Array =>
    Float64Array.from({ length: count }, () => view.getFloat64(8 * at++, true));
  const [means, deviations, delta, beta, correction] = [
    take(terms),
    take(terms),
    take(steps),
    take(terms),
    take(corrections),
  ];
  const finite = [means, deviations, delta, beta, correction].every((block) =>
    block.every((value) => Number.isFinite(value)),
  );
  if (!finite) throw new LoadcastError('DAMAGED_MODEL', "Prophet's weights are not all finite.");
  return {
    recipe,
    transform,
    termNames,
    scaler: { means: [...means], deviations: [...deviations] },
    coefficients: { ...trend, delta, beta },
    correction,
    facts,
  };
}
