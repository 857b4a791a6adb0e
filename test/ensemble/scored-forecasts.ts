import { usualHorizonHours as horizonHours } from '../../src/core/horizon.js';
import { dayMs } from '../../src/core/time.js';
import type { ScoredForecast } from '../../src/ensemble/past-forecast.js';

export type ByLead = (lead: number) => number;

/** A scored forecast on an actual load of 100 MW, from log errors (forecast over actual) by lead hour. */
export function scoredForecast(
  day: number,
  logErrors: Readonly<Record<string, ByLead>>,
  changes: { readonly actualMw?: ByLead; readonly blendLogError?: ByLead } = {},
): ScoredForecast {
  const actual = changes.actualMw ?? (() => 100);
  const blendLogError = changes.blendLogError ?? (() => 0);
  return {
    issuedAtMs: day * dayMs,
    memberMw: Object.fromEntries(
      Object.entries(logErrors).map(([name, error]) => [
        name,
        hours((lead) => 100 * Math.exp(error(lead))),
      ]),
    ),
    blendMw: hours((lead) => 100 * Math.exp(blendLogError(lead))),
    actualMw: hours(actual),
  };
}

export function hours(value: ByLead): Float64Array {
  return Float64Array.from({ length: horizonHours }, (_, lead) => value(lead));
}
