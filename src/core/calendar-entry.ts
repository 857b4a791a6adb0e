import { dayMs, isoUtc } from './time.js';

/** What a day can be, besides what its date says. */
export const dayKinds = ['holiday', 'working-day', 'bridge', 'school', 'shutdown'] as const;
/** What changes the load for some hours by some megawatts. */
export const eventKinds = ['outage', 'demand-response', 'curtailment'] as const;

export type DayKind = (typeof dayKinds)[number];
export type EventKind = (typeof eventKinds)[number];

interface EntrySpan {
  readonly name: string;
  /** UTC ms, `[startMs, endMs)` */
  readonly startMs: number;
  readonly endMs: number;
}

/** Special days of a series, or of a part of its load area. */
export interface CalendarDays extends EntrySpan {
  readonly kind: DayKind;
  /** holiday region of the series or one above it, such as `DE` for `DE-BY`; null = the whole load area */
  readonly region: string | null;
  /** share that has the holiday, bridge day or school break; of a shutdown the share of the load that is off; 0–1 */
  readonly share: number;
}

/** Something that raises or lowers the load from outside. */
export interface LoadEvent extends EntrySpan {
  readonly kind: EventKind;
  /** change of the load, MW; below 0 where the load falls; null where nobody knows */
  readonly effectMw: number | null;
  /** whether past loads are left out instead of corrected by the effect; always so where that is unknown */
  readonly masked: boolean;
}

/** One line of a series' calendar that a person or a file has added. */
export type CalendarEntry = CalendarDays | LoadEvent;

export function isLoadEvent(entry: CalendarEntry): entry is LoadEvent {
  return isEventKind(entry.kind);
}

export function isEventKind(kind: string): kind is EventKind {
  return eventKinds.some((event) => event === kind);
}

export function isDayKind(kind: string): kind is DayKind {
  return dayKinds.some((day) => day === kind);
}

const longestName = 200;
const longestDays = 800;

/** What is wrong with an entry, in words that go after its name; null if nothing is. */
export function entryProblem(entry: CalendarEntry): string | null {
  const { kind, name, startMs, endMs } = entry;
  if (name.trim() === '' || name.length > longestName)
    return `its name has ${name.length} characters; it needs 1 to ${longestName}`;
  if (!Number.isSafeInteger(startMs) || !Number.isSafeInteger(endMs))
    return `it begins or ends at no instant (${startMs} and ${endMs} ms)`;
  if (endMs <= startMs)
    return `it ends at ${isoUtc(endMs)}, not after its begin at ${isoUtc(startMs)}`;
  if (endMs - startMs > longestDays * dayMs)
    return `it lasts ${Math.round((endMs - startMs) / dayMs)} days, more than the ${longestDays} that are believed`;
  if (!isLoadEvent(entry)) {
    if (!(entry.share > 0 && entry.share <= 1))
      return `its share ${entry.share} is not above 0 and at most 1`;
    return kind === 'working-day' && entry.share !== 1
      ? `a working day has no share, and this one ${entry.share}`
      : null;
  }
  const { effectMw, masked } = entry;
  if (effectMw === null)
    return masked ? null : 'its megawatts are not known, so it can only be masked';
  if (!Number.isFinite(effectMw) || effectMw === 0) return `${effectMw} MW is no change of a load`;
  return kind === 'outage' && effectMw > 0
    ? `an outage lowers the load: write ${-effectMw} MW instead of ${effectMw}`
    : null;
}
