import { leadDaysOf, usualHorizonHours } from '../../src/core/horizon.js';
import type { ScoredForecast } from '../../src/ensemble/past-forecast.js';
import { blendPoint } from '../../src/forecast/blend-members.js';
import type { Blending } from './compare.js';

const leadDays = leadDaysOf(usualHorizonHours);

/** What a member would have gained on the blend in one lead day so far, and the sum of the squares. */
interface Regret {
  gained: number;
  squares: number;
}

/**
 * ML-Poly with gradients of the absolute error, for each lead day by itself: weights in proportion to what a member would
 * have gained on the blend so far, over the sum of the squares of those gains.
 * @see Gaillard, Stoltz & van Erven (2014), A second-order bound with excess losses; the R package opera
 */
export function mlPoly(): Blending {
  const regrets = new Map<string, Regret>();
  const regretOf = (name: string, day: number): Regret => {
    const key = `${name} ${day}`;
    const regret = regrets.get(key) ?? { gained: 0, squares: 0 };
    regrets.set(key, regret);
    return regret;
  };
  const blends = new Map<number, Float64Array>();
  const learned = new Set<string>();
  return (runs, past, issuedAtMs) => {
    for (const forecast of past) {
      const blendMw = blends.get(forecast.issuedAtMs);
      for (const day of blendMw ? leadDays : []) {
        const key = `${forecast.issuedAtMs} ${day}`;
        if (learned.has(key) || !isKnown(forecast, day)) continue;
        learned.add(key);
        for (const [name, memberMw] of Object.entries(forecast.memberMw)) {
          const gain = gainOf(forecast.actualMw, blendMw!, memberMw, day);
          const regret = regretOf(name, day);
          regret.gained += gain;
          regret.squares += gain ** 2;
        }
      }
    }
    const present = runs.filter((run) => run.pointMw !== null);
    const byDay = leadDays.map((day) => {
      const weights = present.map(({ name }) => {
        const { gained, squares } = regretOf(name, day);
        return Math.max(0, gained) / (squares || 1);
      });
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.map((weight) => (total > 0 ? weight / total : 1 / present.length));
    });
    const weights = present.map(({ name }, i) => [name, byDay.map((ofDay) => ofDay[i]!)]);
    const pointMw = blendPoint(runs, Object.fromEntries(weights));
    blends.set(issuedAtMs, pointMw);
    return pointMw;
  };
}

function leadsOf(day: number): number[] {
  return Array.from({ length: 24 }, (_, hour) => (day - 1) * 24 + hour);
}

/** Whether half of the lead day's loads are there, its last one among them. */
function isKnown({ actualMw }: ScoredForecast, day: number): boolean {
  const known = leadsOf(day).filter((lead) => Number.isFinite(actualMw[lead]));
  return known.length >= 12 && Number.isFinite(actualMw[day * 24 - 1]);
}

/** Mean over the hours of the error's slope times what the member lies away from the blend, relative to the load. */
function gainOf(
  actualMw: Float64Array,
  blendMw: Float64Array,
  memberMw: Float64Array,
  day: number,
): number {
  const gains = leadsOf(day)
    .map((lead) => {
      const away = blendMw[lead]! - memberMw[lead]!;
      return (Math.sign(blendMw[lead]! - actualMw[lead]!) * away) / actualMw[lead]!;
    })
    .filter(Number.isFinite);
  return gains.length > 0 ? gains.reduce((sum, gain) => sum + gain, 0) / gains.length : 0;
}
