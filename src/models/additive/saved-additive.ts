import { z } from 'zod';
import { LoadcastError } from '../../core/errors.js';
import { correctionFeatures, correctionLeads } from '../linear/residual-correction.js';
import type { SavedMember } from '../member.js';
import {
  hoursOfDay,
  mostLeadDays,
  type AdditiveParameters,
  type HourRidge,
} from './fit-additive.js';
import { bentTemperatures } from '../rows/row-series.js';

/** Models of before there was a fourth lead day have three. */
function areWholeDays({ length }: readonly boolean[]): boolean {
  return length > 0 && length % hoursOfDay === 0 && length <= mostLeadDays * hoursOfDay;
}

const manifestSchema = z.strictObject({
  format: z.literal(1),
  scale: z.strictObject({ kind: z.enum(['log', 'linear']), unitMw: z.number().positive() }),
  recipe: z.strictObject({
    seasonal: z.boolean(),
    splines: z.partialRecord(
      z.enum(bentTemperatures),
      z.strictObject({ knots: z.array(z.number()).min(2) }),
    ),
    extras: z.array(z.string()),
  }),
  penalty: z.strictObject({
    penalty: z.number().positive(),
    halfLifeDays: z.number().positive().nullable(),
  }),
  columns: z.int().positive(),
  hours: z.int().positive(),
  cuts: z
    .array(
      z.strictObject({
        hour: z.int().min(0).max(23),
        /** for each lead day and hour whether there is a ridge */
        ridges: z.array(z.boolean()).refine(areWholeDays),
      }),
    )
    .min(1),
});

/** The manifest in JSON; moments and coefficients of each ridge, then the corrections, cut by cut, as little-endian doubles. */
export function saveAdditive(parameters: AdditiveParameters, name: string): SavedMember {
  const { scale, recipe, penalty, cuts, hours } = parameters;
  const present = cuts.map(({ ridges }) => ridges.filter((ridge) => ridge !== null));
  const manifest: z.infer<typeof manifestSchema> = {
    format: 1,
    scale: { ...scale },
    recipe: {
      seasonal: recipe.seasonal,
      splines: Object.fromEntries(
        Object.entries(recipe.splines).map(([key, { knots }]) => [key, { knots: [...knots] }]),
      ),
      extras: [...recipe.extras],
    },
    penalty: { ...penalty },
    columns: present[0]?.[0]?.standard.means.length ?? 0,
    hours,
    cuts: cuts.map(({ hour, ridges }) => ({ hour, ridges: ridges.map((ridge) => ridge !== null) })),
  };
  const values = cuts.flatMap(({ correction, correctionAnyHour }, index) => [
    ...present[index]!.flatMap(({ standard, coefficients }) => [
      ...standard.means,
      ...standard.factors,
      ...coefficients,
    ]),
    ...correction,
    ...correctionAnyHour,
  ]);
  const weights = new Uint8Array(8 * values.length);
  const view = new DataView(weights.buffer);
  for (const [i, value] of values.entries()) view.setFloat64(8 * i, value, true);
  return { name, manifest, weights };
}

/** @throws {LoadcastError} DAMAGED_MODEL if the parts do not fit together */
export function restoreAdditive(saved: SavedMember, name: string): AdditiveParameters {
  const parsed = manifestSchema.safeParse(saved.manifest);
  if (saved.name !== name || !parsed.success)
    throw new LoadcastError(
      'DAMAGED_MODEL',
      `The additive model's manifest cannot be read${parsed.success ? '' : ` (${z.prettifyError(parsed.error)})`}; retrain.`,
    );
  const { columns, cuts, ...rest } = parsed.data;
  const { weights } = saved;
  const corrections = correctionLeads * correctionFeatures;
  const present = cuts.flatMap(({ ridges }) => ridges).filter(Boolean).length;
  const expected = 8 * (present * (3 * columns + 1) + 2 * cuts.length * corrections);
  if (weights.byteLength !== expected)
    throw new LoadcastError(
      'DAMAGED_MODEL',
      `The additive model has ${weights.byteLength} bytes of numbers, its manifest tells of ${expected}; retrain.`,
    );
  const view = new DataView(weights.buffer, weights.byteOffset, weights.byteLength);
  for (let i = 0; i < weights.byteLength; i += 8)
    if (!Number.isFinite(view.getFloat64(i, true)))
      throw new LoadcastError(
        'DAMAGED_MODEL',
        'The additive model holds a value that is no number; retrain.',
      );
  let at = 0;
  const next = (count: number): Float64Array =>
    Float64Array.from({ length: count }, () => view.getFloat64(8 * at++, true));
  const nextRidge = (): HourRidge => ({
    standard: { means: next(columns), factors: next(columns) },
    coefficients: next(columns + 1),
  });
  return {
    ...rest,
    cuts: cuts.map(({ hour, ridges }) => ({
      hour,
      ridges: ridges.map((there) => (there ? nextRidge() : null)),
      correction: next(corrections),
      correctionAnyHour: next(corrections),
    })),
  };
}
