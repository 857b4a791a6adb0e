import type { History } from '../../core/history.js';
import { endMs, sliceHours } from '../../core/hourly.js';
import { dayMs } from '../../core/time.js';
import { defaultPolicy, type QualityPolicy } from '../../ingest/quality-policy.js';
import { screeningOf, withoutMarked } from '../quality/apply-marks.js';
import { findMarks } from '../quality/find-marks.js';
import { contextDays } from '../quality/inspect-series.js';

/** The history as the service knows it after its inspection: without the loads that the policy takes away. */
export function cleanHistory(
  known: History,
  sinceMs: number,
  policy: QualityPolicy = defaultPolicy,
): History {
  const { load } = known;
  const fromMs = Math.max(load.startMs, sinceMs - contextDays * dayMs);
  const recent = { ...known, load: sliceHours(load, fromMs, endMs(load)) };
  const marks = findMarks(recent, null, policy, { startMs: sinceMs, endMs: endMs(load) });
  return { ...known, load: withoutMarked(load, marks), screening: screeningOf(policy, []) };
}
