import type { Evaluation } from '../core/evaluation.js';
import type { ModelCard } from '../core/model-card.js';

/** Names of the fields anywhere inside T that may be null. */
type NullableField<T> = T extends readonly (infer Item)[]
  ? NullableField<Item>
  : T extends object
    ? {
        [Key in keyof T & string]:
          (null extends T[Key] ? Key : never) | NullableField<NonNullable<T[Key]>>;
      }[keyof T & string]
    : never;

/**
 * Fields whose null means null; everywhere else null stands for a figure that could not be computed (NaN, which JSON
 * lacks). The type makes a new nullable field in either result a compile error until it is listed here.
 */
const nullableFields: Readonly<Record<NullableField<Evaluation | ModelCard>, true>> = {
  anomaly: true,
  bestStep: true,
  gain: true,
  notFitted: true,
  retryRate: true,
  test: true,
  testNaive: true,
  testStartMs: true,
  validationLoss: true,
  validationStartMs: true,
};

/** Reviver of `JSON.parse` for stored results: NaN where a figure was missing (JSON.stringify writes it as null). */
export function missingAsNaN(field: string, value: unknown): unknown {
  return value === null && !(field in nullableFields) ? Number.NaN : value;
}
