import type { History } from '../../core/history.js';
import type { HourlySeries } from '../../core/hourly.js';
import type { LoadMark, MarkedValue, NewLoadMark, Treatment } from '../../core/load-mark.js';
import { dayMs, hourMs, hourPhaseMs, type Interval } from '../../core/time.js';
import { buildCalendar } from '../../features/calendar.js';
import { imputeLoad, leastKnownHours } from '../../features/impute-load.js';
import type { Series } from '../../store/store.js';
import { hourlyHistory } from '../hourly-history.js';
import type { JobServices } from '../job-services.js';
import { findFaults, type LoadFault } from './find-faults.js';

/** what was there long before is not looked at again with every new hour */
const inspectedDays = 60;
/** the hours before, by which those that are inspected are judged */
const contextDays = 35;

export interface InspectionOutcome {
  readonly added: number;
  readonly withdrawn: number;
}

/**
 * Looks for faults in the stored loads of a series and brings its marks in line: what is found is marked, what is found
 * no more is withdrawn. What a person said of hours stands. Loads themselves are never changed.
 * @param sinceMs from then on, and at least the last 60 days; absent: those alone
 */
export async function inspectSeries(
  services: JobServices,
  series: Series,
  sinceMs?: number,
): Promise<InspectionOutcome> {
  const { store } = services;
  const span = await store.loadSpan(series.id);
  if (!span) return { added: 0, withdrawn: 0 };
  const inspected = {
    startMs: Math.max(
      span.firstMs,
      Math.min(sinceMs ?? span.lastMs, span.lastMs - inspectedDays * dayMs),
    ),
    endMs: span.lastMs + hourMs,
  };
  const history = await rawHistory(services, series, {
    startMs: inspected.startMs - contextDays * dayMs,
    endMs: inspected.endMs,
  });
  const policy = services.policyOf(series.id);
  const faults = findFaults(history).filter((fault) => touches(fault, inspected));
  const standing = await store.listLoadMarks(series.id, { interval: inspected });
  const trusted = standing.filter(({ madeBy }) => madeBy === 'person');
  const wanted = faults
    .filter((fault) => policy[fault.kind] !== 'keep')
    .flatMap((fault) => withoutTrusted(fault, trusted))
    .map((fault) => ({ ...fault, treatment: policy[fault.kind] }));
  const marks = newMarks(history, wanted);
  const ofInspection = standing.filter(({ madeBy }) => madeBy === 'inspection');
  const add = marks.filter((mark) => !ofInspection.some((known) => isSame(known, mark)));
  const withdraw = ofInspection
    .filter((known) => !marks.some((mark) => isSame(known, mark)))
    .map(({ id }) => id);
  if (add.length + withdraw.length > 0)
    await store.changeLoadMarks(series.id, { add, withdraw }, services.nowMs());
  return { added: add.length, withdrawn: withdraw.length };
}

/**
 * Stores what a person says of some hours: `keep` = they are right, `mask` = they are not.
 */
export async function judgeHours(
  services: JobServices,
  series: Series,
  interval: Interval,
  verdict: { readonly treatment: Extract<Treatment, 'keep' | 'mask'>; readonly reason: string },
): Promise<void> {
  const { store, nowMs } = services;
  const history = await rawHistory(services, series, {
    startMs: interval.startMs - contextDays * dayMs,
    endMs: interval.endMs + contextDays * dayMs,
  });
  const values = verdict.treatment === 'mask' ? (substitutesOf(history, [interval])[0] ?? []) : [];
  const standing = await store.listLoadMarks(series.id, { interval });
  await store.changeLoadMarks(
    series.id,
    {
      add: [{ ...interval, ...verdict, kind: 'person', madeBy: 'person', values }],
      withdraw: standing
        .filter((mark) => mark.startMs >= interval.startMs && mark.endMs <= interval.endMs)
        .map(({ id }) => id),
    },
    nowMs(),
  );
}

/** Loads as they were measured, whatever marks say. */
async function rawHistory(
  { store }: JobServices,
  series: Series,
  interval: Interval,
): Promise<History> {
  const phaseMs = hourPhaseMs(series.place.zone, interval.startMs);
  const startMs = Math.floor((interval.startMs - phaseMs) / hourMs) * hourMs + phaseMs;
  const load = await store.readLoad(series.id, {
    interval: { startMs, endMs: interval.endMs },
    hourPhaseMs: phaseMs,
  });
  return hourlyHistory(series.place, { load, temperature: [] }, phaseMs);
}

function newMarks(
  history: History,
  wanted: readonly (LoadFault & { readonly treatment: Treatment })[],
): NewLoadMark[] {
  const values = substitutesOf(
    history,
    wanted.map((fault) => (fault.treatment === 'mark' ? { startMs: 0, endMs: 0 } : fault)),
  );
  return wanted.map((fault, i) => ({
    startMs: fault.startMs,
    endMs: fault.endMs,
    kind: fault.kind,
    treatment: fault.treatment,
    reason: fault.reason,
    madeBy: 'inspection',
    values: values[i] ?? [],
  }));
}

/** For each interval its measured hours, and what is imputed once all of them are taken out. */
function substitutesOf({ place, load }: History, intervals: readonly Interval[]): MarkedValue[][] {
  const imputed = load.values.slice();
  const rowsOf = ({ startMs, endMs: untilMs }: Interval): number[] => {
    const rows: number[] = [];
    const from = Math.max(0, Math.ceil((startMs - load.startMs) / hourMs));
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

/** The parts of a fault that no person has spoken about. */
function withoutTrusted(fault: LoadFault, trusted: readonly LoadMark[]): LoadFault[] {
  let parts: LoadFault[] = [fault];
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

function isSame(known: LoadMark, mark: NewLoadMark): boolean {
  return (
    known.startMs === mark.startMs &&
    known.endMs === mark.endMs &&
    known.kind === mark.kind &&
    known.treatment === mark.treatment &&
    known.reason === mark.reason
  );
}
