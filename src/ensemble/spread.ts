import { leadDaysOf } from '../core/forecast.js';
import { errorOn, type LoadScale } from '../core/load-scale.js';
import { finiteMean, sortedQuantile } from '../core/metrics.js';
import { reserves } from './blend-weights.js';
import type { PastForecast } from './past-forecast.js';

/** What members said, and the blend made of it. */
export type Said = Pick<PastForecast, 'memberMw' | 'blendMw'>;

/** share of the usual spread that is added on both sides: when all agree they may still all be wrong */
const softening = 0.5;
/** times the usual spread that count at most */
const widest = 8;

/**
 * How uncertain each lead day of forecasts is, from how far their members lie apart: the square root of the spread
 * relative to the usual one. Errors divided by it are alike on calm days and on difficult ones.
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
  const usual = leadDays.map((_, day) => {
    const known = spreads.map((byDay) => byDay[day]!).filter((spread) => spread > 0);
    return sortedQuantile(Float64Array.from(known).sort(), 0.5);
  });
  const unit = (spread: number, day: number): number => {
    const ratio = spread / usual[day]!;
    if (!Number.isFinite(ratio)) return 1;
    return Math.sqrt((Math.min(ratio, widest) + softening) / (1 + softening));
  };
  return {
    next: spreadByDay(next, leadDays, scale).map(unit),
    past: spreads.map((byDay) => byDay.map(unit)),
  };
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
