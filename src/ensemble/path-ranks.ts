import { leadDayOf } from '../core/horizon.js';
import { errorOn, type LoadScale } from '../core/load-scale.js';
import { pathCount } from '../core/paths.js';
import { createRandom, shuffle } from '../core/random.js';
import type { ScoredForecast } from './past-forecast.js';
import { spreadUnits, type Said } from './spread.js';

/** Past forecasts whose errors are taken as they came. */
const memoryForecasts = 200;
/** with fewer the courses of the errors are drawn instead */
const leastForecasts = 10;
/** hours of a past forecast that may be missing */
const fewMissing = 6;
/** hourly correlation of the noise that tells repeated courses apart, and its share of an hour's spread */
const [correlation, noiseShare] = [0.95, 0.25];

/**
 * Which values of the hours belong together: the ranks of past error courses among each other at each hour (Schaake
 * shuffle, Clark et al. 2004). A day that was missed upwards in the morning was mostly missed upwards in the evening.
 * @param past ascending by issue time, scored with what is known now
 * @param seeds whatever makes the draw this forecast's own
 * @returns row-major, shape (horizon, 200), each row the numbers 0 … 199
 */
export function pathRanks(
  next: Said,
  past: readonly ScoredForecast[],
  scale: LoadScale,
  seeds: readonly (string | number)[],
): Uint8Array {
  const horizonHours = next.blendMw.length;
  const random = createRandom('paths', ...seeds);
  const courses = errorCourses(next, past.slice(-memoryForecasts), scale);
  const order = Int32Array.from(courses.keys());
  shuffle(order, random);
  const drawn = Array.from({ length: pathCount }, (_, path) => {
    const course = courses.length > 0 ? courses[order[path % order.length]!]! : null;
    let noise = random.normal();
    return Float64Array.from({ length: horizonHours }, (_hour, lead) => {
      noise = correlation * noise + Math.sqrt(1 - correlation ** 2) * random.normal();
      return course ? course[lead]! + noiseShare * noise : noise;
    });
  });
  const ranks = new Uint8Array(horizonHours * pathCount);
  for (let lead = 0; lead < horizonHours; lead++) {
    const ascending = [...drawn.keys()].sort((a, b) => drawn[a]![lead]! - drawn[b]![lead]!);
    for (const [rank, path] of ascending.entries()) ranks[lead * pathCount + path] = rank;
  }
  return ranks;
}

/** Errors of past forecasts, each hour in its own standard deviations; none if there are too few. */
function errorCourses(
  next: Said,
  past: readonly ScoredForecast[],
  scale: LoadScale,
): Float64Array[] {
  const horizonHours = next.blendMw.length;
  const units = spreadUnits(next, past, scale).past;
  const courses = past.flatMap(({ actualMw, blendMw }, i) => {
    const errors = Float64Array.from(
      actualMw,
      (actual, lead) => errorOn(scale, actual, blendMw[lead]!) / units[i]![leadDayOf(lead) - 1]!,
    );
    return errors.filter(Number.isFinite).length >= horizonHours - fewMissing ? [errors] : [];
  });
  if (courses.length < leastForecasts) return [];
  const deviations = Float64Array.from({ length: horizonHours }, (_, lead) => {
    const known = courses.map((course) => course[lead]!).filter(Number.isFinite);
    const mean = known.reduce((sum, error) => sum + error, 0) / known.length;
    return Math.sqrt(known.reduce((sum, error) => sum + (error - mean) ** 2, 0) / known.length);
  });
  return courses.map((course) => {
    let before = 0;
    return course.map((error, lead) => {
      const score = error / deviations[lead]!;
      if (Number.isFinite(score)) before = score; // an hour that is missing goes on as the one before
      return before;
    });
  });
}
