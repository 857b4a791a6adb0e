import type { LoadFinding } from '../../core/load-finding.js';
import { endOfReading, type Reading } from '../../core/reading.js';
import { hourMs, isoUtc } from '../../core/time.js';
import { duration } from './inspection.js';
import type { LoadGrid } from './load-grid.js';

/** Intervals without a load between the first and the last reading. */
export function gapsOfReadings(readings: readonly Reading[]): LoadFinding[] {
  return readings.flatMap((reading, i) => {
    const next = readings[i + 1];
    const stepMs = reading.minutes * 60_000;
    const startMs = endOfReading(reading);
    const count = next ? Math.round((next.startMs - startMs) / stepMs) : 0;
    return next && count > 0 ? [gap(startMs, next.startMs, stepMs, count)] : [];
  });
}

/** Missing rows between the first and the last known one. */
export function gapsOfGrid({ startMs, stepMs, values }: LoadGrid): LoadFinding[] {
  const gaps: LoadFinding[] = [];
  let last = -1;
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row]!)) continue;
    const missing = row - last - 1;
    if (last >= 0 && missing > 0)
      gaps.push(gap(startMs + (last + 1) * stepMs, startMs + row * stepMs, stepMs, missing));
    last = row;
  }
  return gaps;
}

function gap(startMs: number, endMs: number, stepMs: number, count: number): LoadFinding {
  return {
    kind: 'gap',
    startMs,
    endMs,
    count,
    reason: `no load for ${duration({ stepMs: hourMs }, (endMs - startMs) / hourMs)} from ${isoUtc(startMs)} (${count} of ${stepMs / 60_000} min)`,
    factor: null,
    lateHours: null,
  };
}
