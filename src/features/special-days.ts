import type { Place } from '../core/history.js';
import { dayMs, hourMs, type Interval } from '../core/time.js';
import { buildCalendar } from './calendar.js';
import { holidaySharesByName } from './holiday-names.js';

/** A local day that is not what its weekday says. */
export interface SpecialDay {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly kind: 'holiday' | 'working-day' | 'bridge';
  /** of the holidays, the widest first; else empty */
  readonly names: readonly string[];
  /** the largest of the day, 0–1 */
  readonly share: number;
  /** local hours of the day that it holds, `[from, to)` on the clock: 0 and 24 for all of it */
  readonly fromHour: number;
  readonly toHour: number;
}

/**
 * Holidays, working days of a weekend and bridge days, ascending.
 * @param interval from a local midnight to another
 * @throws {LoadcastError} INVALID_INPUT for an unknown zone or holiday region, or more than 40 years
 */
export function specialDays(place: Place, { startMs, endMs }: Interval): SpecialDay[] {
  const length = Math.max(0, Math.round((endMs - startMs) / hourMs));
  const calendar = buildCalendar(place, startMs, length);
  const names = holidaySharesByName(place, calendar.localMs);
  const special: SpecialDay[] = [];
  for (let from = 0; from < length;) {
    const day = Math.floor(calendar.localMs[from]! / dayMs);
    let to = from;
    while (to < length && Math.floor(calendar.localMs[to]! / dayMs) === day) to++;
    const date = new Date(day * dayMs).toISOString().slice(0, 10);
    const add = (kind: SpecialDay['kind'], column: ArrayLike<number>, named: string[]): void => {
      const rows = Array.from({ length: to - from }, (_, i) => from + i).filter(
        (row) => column[row]! > 0,
      );
      if (rows.length === 0) return;
      const share = Math.max(...rows.map((row) => column[row]!));
      const [fromHour, lastHour] = [calendar.hour[rows[0]!]!, calendar.hour[rows.at(-1)!]!];
      special.push({ date, kind, names: named, share, fromHour, toHour: lastHour + 1 });
    };
    add('holiday', calendar.holiday, namesOf(names, from, to));
    if (calendar.workWeekday[from] !== calendar.weekday[from])
      special.push({ date, kind: 'working-day', names: [], share: 1, fromHour: 0, toHour: 24 });
    add('bridge', calendar.bridge, []);
    from = to;
  }
  return special;
}

function namesOf(names: ReadonlyMap<string, Float64Array>, from: number, to: number): string[] {
  return [...names]
    .map(([name, shares]) => ({ name, share: Math.max(...shares.subarray(from, to)) }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)
    .map(({ name }) => name);
}
