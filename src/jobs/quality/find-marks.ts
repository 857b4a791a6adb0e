import type { LoadEvent } from '../../core/calendar-entry.js';
import type { History } from '../../core/history.js';
import type { HourlySeries } from '../../core/hourly.js';
import type { LoadFinding } from '../../core/load-finding.js';
import {
  warningKinds,
  type LoadMark,
  type MarkedValue,
  type NewLoadMark,
  type Treatment,
} from '../../core/load-mark.js';
import type { Reading } from '../../core/reading.js';
import { hourMs, type Interval } from '../../core/time.js';
import { buildCalendar } from '../../features/calendar.js';
import { eventsOf } from '../../features/events.js';
import { imputeLoad, leastKnownHours } from '../../features/impute-load.js';
import { inspectLoad } from '../../features/quality/inspect-load.js';
import type { QualityPolicy } from '../../ingest/quality-policy.js';

/**
 * What a policy makes of the faults that are found in loads.
 * @param history loads as they were measured, with enough before `inspected` to judge by
 * @param readings the same as native readings; null: the hours are all there is
 * @param inspected where faults are looked for
 * @param trusted what a person said of hours, which stands
 */
export function findMarks(
  history: History,
  readings: readonly Reading[] | null,
  policy: QualityPolicy,
  inspected: Interval,
  trusted: readonly Interval[] = [],
): NewLoadMark[] {
  const events = eventsOf(history.place);
  const wanted = inspectLoad(history, readings ?? undefined)
    .filter(
      (finding) =>
        policy[finding.kind] !== 'keep' &&
        isWithin(finding, inspected) &&
        !isExplained(finding, events),
    )
    .flatMap((finding) => withoutTrusted(finding, trusted))
    .map((finding) => ({ ...finding, treatment: policy[finding.kind] }));
  return newMarks(history, wanted);
}

/** Whether an interval is for this inspection to judge: of a warning, which may go on for ever, its beginning counts. */
export function isWithin(
  { kind, ...span }: Interval & { readonly kind: LoadMark['kind'] },
  inspected: Interval,
): boolean {
  return kind !== 'person' && warningKinds.has(kind)
    ? span.startMs >= inspected.startMs && span.startMs < inspected.endMs
    : touches(span, inspected);
}

/** Whether events of the calendar cover most of it. */
function isExplained({ startMs, endMs }: LoadFinding, events: readonly LoadEvent[]): boolean {
  return events.some(
    (event) =>
      Math.min(endMs, event.endMs) - Math.max(startMs, event.startMs) > 0.5 * (endMs - startMs),
  );
}

function newMarks(
  history: History,
  wanted: readonly (LoadFinding & { readonly treatment: Treatment })[],
): NewLoadMark[] {
  const values = substitutesOf(
    history,
    wanted.map((finding) => (finding.treatment === 'mark' ? { startMs: 0, endMs: 0 } : finding)),
  );
  return wanted.map((finding, i) => ({
    startMs: finding.startMs,
    endMs: finding.endMs,
    kind: finding.kind,
    treatment: finding.treatment,
    reason: finding.reason,
    madeBy: 'inspection',
    values: values[i] ?? [],
  }));
}

/** For each interval its measured hours, and what is imputed once all of them are taken out. */
export function substitutesOf(
  { place, load }: History,
  intervals: readonly Interval[],
): MarkedValue[][] {
  const imputed = load.values.slice();
  const rowsOf = ({ startMs, endMs: untilMs }: Interval): number[] => {
    const rows: number[] = [];
    const from = Math.max(0, Math.floor((startMs - load.startMs) / hourMs));
    const to = Math.min(load.values.length, Math.ceil((untilMs - load.startMs) / hourMs));
    for (let row = from; row < to; row++) if (Number.isFinite(load.values[row])) rows.push(row);
    return rows;
  };
  const rows = intervals.map(rowsOf);
  for (const row of rows.flat()) imputed[row] = Number.NaN;
  const known = imputed.reduce((n, value) => (Number.isFinite(value) ? n + 1 : n), 0);
  const substitutes = known >= leastKnownHours ? filled(load, imputed, place) : null;
  return rows.map((each) =>
    each.map((row) => ({
      startMs: load.startMs + row * hourMs,
      loadMw: load.values[row] ?? Number.NaN,
      substituteMw: substitutes?.[row] ?? null,
    })),
  );
}

function filled(load: HourlySeries, values: Float64Array, place: History['place']): Float64Array {
  imputeLoad(values, buildCalendar(place, load.startMs, values.length));
  return values;
}

/** The parts of a finding that no person has spoken about. */
function withoutTrusted(finding: LoadFinding, trusted: readonly Interval[]): LoadFinding[] {
  let parts: LoadFinding[] = [finding];
  for (const said of trusted)
    parts = parts.flatMap((part) =>
      touches(part, said)
        ? [
            { ...part, endMs: Math.min(part.endMs, said.startMs) },
            { ...part, startMs: Math.max(part.startMs, said.endMs) },
          ].filter(({ startMs, endMs: untilMs }) => untilMs > startMs)
        : [part],
    );
  return parts;
}

function touches(a: Interval, b: Interval): boolean {
  return a.endMs > b.startMs && a.startMs < b.endMs;
}
