import type { FeatureTable } from '../../features/feature-table.js';
import { above, product, scaledTemperature } from './columns.js';
import type { AddByHour, Recipe } from './recipe.js';

/** What the temperature acts together with. */
export interface TemperatureContext {
  readonly interactionOrder: number;
  readonly addByHour: AddByHour;
  /** sines and cosines of the year; empty without yearly terms */
  readonly season: readonly Float64Array[];
  readonly weekend: Float64Array;
}

/** Heating and cooling as broken lines with knots at quantiles, now and smoothed, by hour, season and weekend. */
export function addTemperatureTerms(
  table: FeatureTable,
  from: number,
  to: number,
  recipe: Recipe,
  { addByHour, interactionOrder, season, weekend }: TemperatureContext,
): void {
  const add = (name: string, values: Float64Array): void => addByHour(name, values, 0);
  const { knots, smoothedKnots } = recipe;
  const middle = knots.length >> 1;
  const now = scaledTemperature(table.temperatureC, from, to, 0);
  const day = scaledTemperature(table.temperature24hC, from, to, 0);
  const threeDays = scaledTemperature(table.temperature72hC, from, to, 0);

  addByHour('temperature', now, interactionOrder);
  for (const [j, knot] of knots.entries())
    addByHour(`temperature above knot ${j + 1}`, above(now, knot), interactionOrder);
  addByHour('24 h temperature', day, 1);
  for (const [j, knot] of smoothedKnots.entries())
    addByHour(`24 h temperature above knot ${j + 1}`, above(day, knot), 1);
  add('72 h temperature', threeDays);
  for (const [j, knot] of smoothedKnots.entries())
    if (j % 2 === 0) add(`72 h temperature above knot ${j + 1}`, above(threeDays, knot));
  add('temperature × 24 h', product(now, day));
  add('temperature × 72 h', product(now, threeDays));
  add('24 h × 72 h', product(day, threeDays));

  for (const lag of [1, 2, 3, 6, 24]) {
    const before = scaledTemperature(table.temperatureC, from, to, lag);
    add(`temperature ${lag} h before`, before);
    const bends =
      lag === 1 || lag === 3 ? [0, middle, knots.length - 1] : lag === 24 ? [middle] : [];
    for (const j of new Set(bends))
      add(`temperature ${lag} h before above knot ${j + 1}`, above(before, knots[j]!));
  }
  const warm = above(now, knots[middle]!);
  const hot = above(now, knots.at(-1)!);
  for (const [name, values] of [
    ['temperature', now],
    ['warm', warm],
    ['hot', hot],
    ['24 h temperature', day],
    ['warm day', above(day, smoothedKnots[smoothedKnots.length >> 1]!)],
  ] as const)
    add(`${name} × weekend`, product(values, weekend));
  for (const [s, wave] of season.entries()) {
    add(`temperature × season ${s + 1}`, product(now, wave));
    add(`24 h temperature × season ${s + 1}`, product(day, wave));
    add(`warm × season ${s + 1}`, product(warm, wave));
  }
}
