import type { History } from '../../core/history.js';
import type { LoadMark, NewLoadMark, Treatment } from '../../core/load-mark.js';
import type { Reading } from '../../core/reading.js';
import { dayMs, hourMs, hourPhaseMs, type Interval } from '../../core/time.js';
import type { Series } from '../../store/store.js';
import { hourlyHistory } from '../hourly-history.js';
import type { JobServices } from '../job-services.js';
import { placeWithCalendar } from '../series-history.js';
import { findMarks, isWithin, substitutesOf } from './find-marks.js';

/** what was there long before is not looked at again with every new hour */
export const inspectedDays = 60;
/** the days before, by which those that are inspected are judged */
export const contextDays = 200;
/** shorter intervals are looked at by their hours alone: a year of minutes is too much for what it tells */
const leastNativeMinutes = 15;
/** a warning that goes on is stored anew only now and then */
const renewedAfterMs = 7 * dayMs;

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
  const { history, readings } = await measured(services, series, {
    startMs: inspected.startMs - contextDays * dayMs,
    endMs: inspected.endMs,
  });
  const standing = await store.listLoadMarks(series.id, { interval: inspected });
  const marks = findMarks(
    history,
    readings,
    services.policyOf(series.id),
    inspected,
    standing.filter(({ madeBy }) => madeBy === 'person'),
  );
  const ofInspection = standing.filter(
    (mark) => mark.madeBy === 'inspection' && isWithin(mark, inspected),
  );
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
  const { history } = await measured(services, series, {
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

/** Loads as they were measured, whatever marks say; readings where they are not too many. */
async function measured(
  { store }: JobServices,
  series: Series,
  interval: Interval,
): Promise<{ readonly history: History; readonly readings: readonly Reading[] | null }> {
  const phaseMs = hourPhaseMs(series.place.zone, interval.startMs);
  const startMs = Math.floor((interval.startMs - phaseMs) / hourMs) * hourMs + phaseMs;
  const isNative = series.resolutionMinutes >= leastNativeMinutes;
  const [place, load] = await Promise.all([
    placeWithCalendar(store, series),
    store.readLoad(series.id, {
      interval: { startMs, endMs: interval.endMs },
      ...(isNative ? {} : { hourPhaseMs: phaseMs }),
    }),
  ]);
  const history = hourlyHistory(place, { load, temperature: [] }, phaseMs);
  return { history, readings: isNative ? load : null };
}

/** Its words may tell other figures once more is known of the days after. */
function isSame(known: LoadMark, mark: NewLoadMark): boolean {
  const grownMs = Math.abs(mark.endMs - known.endMs);
  return (
    known.startMs === mark.startMs &&
    known.kind === mark.kind &&
    known.treatment === mark.treatment &&
    (mark.treatment === 'mark' ? grownMs < renewedAfterMs : grownMs === 0)
  );
}
