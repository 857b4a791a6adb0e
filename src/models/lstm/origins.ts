import { createRandom, shuffle } from '../../core/random.js';
import type { FeatureTable } from '../../features/feature-table.js';
import { touches, type RowRange } from '../../features/folds.js';
import type { Batch } from '../../neural/train.js';
import type { ValidationOptions } from '../../neural/training-options.js';
import { emptyBatch, fillSample, firstOrigin, type LstmColumns } from './inputs.js';
import { memoryHours, type LstmRecipe } from './recipe.js';

/** What the inputs of an origin need of the rows before it. */
export interface WindowRows {
  /** the first origin whose inputs are all there */
  readonly first: number;
  /** rows before an origin whose load leaves a trace in its inputs */
  readonly back: number;
}

/**
 * Origins at all hours whose horizon lies in the training rows, as far back as the recipe's memory, and whose window
 * does not reach over the excluded rows.
 */
export function trainingOrigins(
  recipe: LstmRecipe,
  trainingRows: number,
  decoderHours: number,
  excluded: RowRange | null = null,
  { first: firstUsable, back }: WindowRows = { first: firstOrigin, back: firstOrigin },
): Int32Array {
  const last = trainingRows - decoderHours;
  const first = Math.max(firstUsable, last - memoryHours(recipe));
  const all = Int32Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index);
  return all.filter((origin) => !touches(excluded, origin - back, origin + decoderHours));
}

/**
 * Fills the batch of any step: origins without replacement, epoch after epoch, each epoch in an order of its own. The
 * rows depend on seed and step alone, whatever was asked before.
 */
export function originSampler(
  columns: LstmColumns,
  origins: Int32Array,
  knownRows: number,
  seed: number,
): (step: number, batch: Batch) => void {
  let epoch = -1;
  let order = origins;
  const originAt = (position: number): number => {
    const wanted = Math.floor(position / origins.length);
    if (wanted !== epoch) {
      epoch = wanted;
      order = origins.slice();
      shuffle(order, createRandom('origins', seed, epoch));
    }
    return order[position % origins.length]!;
  };
  return (step, batch) => {
    const samples = batch.target.length / columns.decoderHours;
    for (let sample = 0; sample < samples; sample++)
      fillSample(columns, originAt(step * samples + sample), sample, batch, knownRows);
  };
}

/** Local midnights of the validation rows, thinned evenly; null without such rows. */
export function validationOf(
  recipe: LstmRecipe,
  table: FeatureTable,
  columns: LstmColumns,
  validationStart: number | null,
): ValidationOptions | null {
  if (validationStart === null) return null;
  const midnights: number[] = [];
  for (let row = validationStart; row + columns.decoderHours <= table.originIndex; row++) {
    if (table.calendar.hour[row] === 0) midnights.push(row);
  }
  if (midnights.length === 0) return null;
  const { samples, every, patience } = recipe.validation;
  const stride = Math.ceil(midnights.length / samples);
  const chosen = midnights.filter((_, index) => index % stride === 0);
  const batch = emptyBatch(columns, chosen.length);
  for (const [sample, origin] of chosen.entries())
    fillSample(columns, origin, sample, batch, table.originIndex);
  return { batch, rows: chosen.length, every, patience };
}
