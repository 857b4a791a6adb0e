import { dayMs, hourMs } from '../core/time.js';
import type { PastForecast } from '../ensemble/past-forecast.js';

/** with fewer forecasts of the same issue hour those of all hours count */
const enoughOfOneHour = 14;

/**
 * Past forecasts that weights and quantiles learn from: the bundle's own and those really issued, one for each issue
 * time, of the same issue hour ± 1 h (clock changes) where there are two weeks of them.
 * @param own out-of-sample forecasts of the bundle's split run
 * @param issued in any order; of one issue time the last one counts
 * @returns ascending by issue time, all before `issuedAtMs`
 */
export function trackRecord(
  own: readonly PastForecast[],
  issued: readonly PastForecast[],
  issuedAtMs: number,
): readonly PastForecast[] {
  const byIssueTime = new Map<number, PastForecast>();
  for (const forecast of [...own, ...issued]) {
    if (forecast.issuedAtMs >= issuedAtMs) continue;
    // What was issued knew the weather as a forecast has it, so it goes before the bundle's own; but one that lacks a
    // member of the bundle, issued before there was one, says nothing of its weight.
    const other = byIssueTime.get(forecast.issuedAtMs);
    if (other && Object.keys(other.memberMw).some((name) => !(name in forecast.memberMw))) continue;
    byIssueTime.set(forecast.issuedAtMs, forecast);
  }
  const record = [...byIssueTime.values()].sort((a, b) => a.issuedAtMs - b.issuedAtMs);
  const sameHour = record.filter((forecast) => {
    const shift = (issuedAtMs - forecast.issuedAtMs) % dayMs;
    return Math.min(shift, dayMs - shift) <= hourMs;
  });
  return sameHour.length >= enoughOfOneHour ? sameHour : record;
}
