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
  if (readings.length === 0)
    return { hourly: { startMs: 0, values: new Float64Array(0) }, issues: [] };
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const reading of readings) {
    firstMs = Math.min(firstMs, reading.startMs);
    lastMs = Math.max(lastMs, endOfReading(reading));
  }
  const startMs = Math.floor((firstMs - phaseMs) / hourMs) * hourMs + phaseMs;
  const hours = Math.ceil((lastMs - startMs) / hourMs);
  const sum = new Float64Array(hours);
  const covered = new Float64Array(hours);
  for (const reading of readings) {
    const endMs = endOfReading(reading);
    let hour = Math.floor((reading.startMs - startMs) / hourMs);
    for (let fromMs = reading.startMs; fromMs < endMs; hour++) {
      const toMs = Math.min(endMs, startMs + (hour + 1) * hourMs);
      const share = (toMs - fromMs) / hourMs;
      sum[hour]! += reading.value * share;
      covered[hour]! += share;
      fromMs = toMs;
    }
  }
  const values = sum.map((total, hour) =>
    // A sum of shares such as 6 × 10 min may miss the whole hour by rounding.
    covered[hour]! >= leastCovered - 1e-9 ? total / covered[hour]! : Number.NaN,
  );
  return { hourly: { startMs, values }, issues: partialHours(startMs, covered) };
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
