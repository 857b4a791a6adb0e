import { leadDaysOf } from '../core/horizon.js';
import { errorOn, type LoadScale } from '../core/load-scale.js';
import { finiteMean, sortedQuantile } from '../core/metrics.js';
import { reserves } from './blend-weights.js';
import type { PastForecast } from './past-forecast.js';

/** What members said, what the blend made of it, and how unsure the weather was. */
export type Said = Pick<PastForecast, 'memberMw' | 'blendMw' | 'weatherSpread'>;

/** share of the usual spread that is added on both sides: when all agree they may still all be wrong */
const softening = 0.5;
/** times the usual spread that count at most */
const widest = 8;

/** with fewer past forecasts that knew several weather forecasts it cannot be said what is usual of them */
const enoughWeather = 20;

/**
 * How uncertain each lead day of forecasts is, from how far their members lie apart and how far the blend differs between
 * the weather forecasts there are: the square root of the spread relative to the usual one. Errors divided by it are alike
 * on calm days and on difficult ones.
 * @param past forecasts that tell what is usual
 * @returns for each of them and for `next` one unit a lead day; 1 where nothing is known
 */
export function spreadUnits(
  next: Said,
  past: readonly Said[],
  scale: LoadScale,
): { readonly next: readonly number[]; readonly past: readonly (readonly number[])[] } {
  const leadDays = leadDaysOf(next.blendMw.length);
  const spreads = past.map((forecast) => spreadByDay(forecast, leadDays, scale));
  const usual = usualOf(leadDays, spreads);
  // Each is held to its own kind: a forecast that knew several weather forecasts has more to lie apart.
  const knowing = past.flatMap((forecast, i) =>
    forecast.weatherSpread ? [withWeather(spreads[i]!, forecast)] : [],
  );
  const usualWithWeather = knowing.length >= enoughWeather ? usualOf(leadDays, knowing) : null;
  const units = (forecast: Said, byDay: readonly number[]): number[] =>
    usualWithWeather && forecast.weatherSpread
      ? withWeather(byDay, forecast).map((spread, day) => unitOf(spread / usualWithWeather[day]!))
      : byDay.map((spread, day) => unitOf(spread / usual[day]!));
  return {
    next: units(next, spreadByDay(next, leadDays, scale)),
    past: past.map((forecast, i) => units(forecast, spreads[i]!)),
  };
}

function usualOf(leadDays: readonly number[], spreads: readonly (readonly number[])[]): number[] {
  return leadDays.map((_, day) => {
    const known = spreads.map((byDay) => byDay[day]!).filter((spread) => spread > 0);
    return sortedQuantile(Float64Array.from(known).sort(), 0.5);
  });
}

function withWeather(byDay: readonly number[], { weatherSpread }: Said): number[] {
  return byDay.map((spread, day) => Math.hypot(spread, weatherSpread?.[day] ?? 0));
}

function unitOf(ratio: number): number {
  if (!Number.isFinite(ratio)) return 1;
  return Math.sqrt((Math.min(ratio, widest) + softening) / (1 + softening));
}

/** Mean over the hours of each lead day of how far the courses of the blend lie from their mean, on the scale. */
export function spreadOfCourses(courses: readonly Float64Array[], scale: LoadScale): number[] {
  const [first] = courses;
  if (!first) return [];
  const mean = first.map((_, lead) => finiteMean(courses.map((course) => course[lead]!)));
  const memberMw = Object.fromEntries(courses.map((course, i) => [`course ${i}`, course]));
  return spreadByDay({ memberMw, blendMw: mean }, leadDaysOf(first.length), scale);
}

/** Mean over the hours of a lead day of the members' root mean square distance from the blend. */
function spreadByDay(
  { memberMw, blendMw }: Said,
  leadDays: readonly number[],
  scale: LoadScale,
): number[] {
  const members = Object.entries(memberMw).filter(([name]) => !reserves.has(name));
  return leadDays.map((day) => {
    const hours = Float64Array.from({ length: 24 }, (_, hour) => {
      const lead = (day - 1) * 24 + hour;
      const squares = members.map(
        ([, mw]) => errorOn(scale, mw[lead] ?? Number.NaN, blendMw[lead] ?? Number.NaN) ** 2,
      );
      return Math.sqrt(finiteMean(squares));
    });
    return finiteMean(hours);
  });
}
