import { z } from 'zod';
import { correctionFeatures, correctionLeads } from '../linear/residual-correction.js';
import type { SavedMember } from '../member.js';
import {
  hoursOfDay,
  mostLeadDays,
  type AdditiveParameters,
  type HourRidge,
} from './fit-additive.js';
import { bentTemperatures } from '../rows/row-series.js';
import { assertBytes, bytesOf, finiteReader, readManifest } from '../saved-parts.js';

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
  return { name, manifest, weights: bytesOf(values) };
}

/** @throws {LoadcastError} DAMAGED_MODEL if the parts do not fit together */
export function restoreAdditive(saved: SavedMember, name: string): AdditiveParameters {
  const { columns, cuts, ...rest } = readManifest(manifestSchema, saved, name);
  const corrections = correctionLeads * correctionFeatures;
  const present = cuts.flatMap(({ ridges }) => ridges).filter(Boolean).length;
  const numbers = present * (3 * columns + 1) + 2 * cuts.length * corrections;
  assertBytes(saved.weights, 8 * numbers, name);
  const read = finiteReader(saved.weights, name);
  const next = (count: number): Float64Array => Float64Array.from({ length: count }, read);
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
