import type { HourlySeries } from '../core/hourly.js';
import type { QualityIssue } from '../core/quality-issue.js';
import { hourMs } from '../core/time.js';
import { createIssueList } from './issue-list.js';
import { endOfReading, type Reading } from '../core/reading.js';

/** An hour with less of its time covered than this stays missing. */
const leastCovered = 0.5;

/**
 * Mean of each hour, its native intervals weighted by the time they cover (so that intervals which straddle the hour
 * count for both).
 * @param readings any order, one for each interval, finite
 * @param phaseMs where hours begin within the UTC hour: 30 min for zones such as India's, so that hours are local ones
 * @returns the hours from the first to the last reading; NaN where less than half of the hour is covered. Hours that
 * are covered in part are named in `issues`.
 */
export function hourlyMeans(
  readings: readonly Reading[],
  phaseMs = 0,
): { hourly: HourlySeries; issues: QualityIssue[] } {
  const { startMs, values, covered } = intervalMeans(readings, phaseMs, hourMs);
  return { hourly: { startMs, values }, issues: partialHours(startMs, covered) };
}

/** The same for intervals of any length that divides the hour; they begin with an hour. */
export function intervalMeans(
  readings: readonly Reading[],
  phaseMs: number,
  stepMs: number,
): HourlySeries & { readonly covered: Float64Array } {
  if (readings.length === 0)
    return { startMs: 0, values: new Float64Array(0), covered: new Float64Array(0) };
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const reading of readings) {
    firstMs = Math.min(firstMs, reading.startMs);
    lastMs = Math.max(lastMs, endOfReading(reading));
  }
  const startMs = Math.floor((firstMs - phaseMs) / hourMs) * hourMs + phaseMs;
  const intervals = Math.ceil((lastMs - startMs) / stepMs);
  const sum = new Float64Array(intervals);
  const covered = new Float64Array(intervals);
  for (const reading of readings) {
    const endMs = endOfReading(reading);
    let at = Math.floor((reading.startMs - startMs) / stepMs);
    for (let fromMs = reading.startMs; fromMs < endMs; at++) {
      const toMs = Math.min(endMs, startMs + (at + 1) * stepMs);
      const share = (toMs - fromMs) / stepMs;
      sum[at]! += reading.value * share;
      covered[at]! += share;
      fromMs = toMs;
    }
  }
  const values = sum.map((total, at) =>
    // A sum of shares such as 6 × 10 min may miss the whole hour by rounding.
    covered[at]! >= leastCovered - 1e-9 ? total / covered[at]! : Number.NaN,
  );
  return { startMs, values, covered };
}

/** One issue for each run of hours that are covered in part. */
function partialHours(startMs: number, covered: Float64Array): QualityIssue[] {
  const issues = createIssueList();
  const isPartial = (hour: number): boolean =>
    (covered[hour] ?? 0) > 0 && (covered[hour] ?? 0) < 1 - 1e-9;
  for (let hour = 0; hour < covered.length; hour++) {
    if (!isPartial(hour)) continue;
    const first = hour;
    while (isPartial(hour + 1)) hour++;
    const count = hour - first + 1;
    issues.add({
      kind: 'partial-hour',
      line: null,
      validAtMs: startMs + first * hourMs,
      count,
      reason: `${count} h have readings for a part only; at least half of an hour gives its mean, less leaves it missing`,
    });
  }
  return issues.all();
}
