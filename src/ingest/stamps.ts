import { localClock } from '../core/time.js';
import { doubled } from './doubled.js';
import { createInstantsOf, type InstantsOf } from './local-stamps.js';
import { createStampReader } from './quick-stamp.js';
import { surveyDateOrder, type DateOrder } from './stamp-text.js';

export interface StampOptions {
  /** zone of stamps without an offset; absent = such stamps are rejected */
  readonly zone?: string;
  /** for dates such as 03/04/2024; absent = found from the dates themselves */
  readonly dateOrder?: DateOrder;
  /** what stamps mark; absent = the start, but the end in a file that writes 24:00 */
  readonly stamps?: 'start' | 'end';
}

export interface Stamps {
  /** instant of a row, UTC ms; NaN where it was rejected */
  instantAt(row: number): number;
  /** why a row was rejected, or null */
  reasonAt(row: number): string | null;
  readonly mark: 'start' | 'end';
}

/** Reads the stamps of a file one after the other. */
export interface StampScan {
  add(text: string): void;
  /**
   * The order of day and month that the stamps tell.
   * @throws {LoadcastError} INVALID_INPUT if it cannot be told
   */
  dateOrder(): DateOrder;
  /**
   * Turns the stamps into instants.
   * A clock time that is doubled when clocks go back is the earlier instant the first time it occurs in the order of
   * time and the later one after that; one that the clocks skip is rejected.
   * @throws {LoadcastError} INVALID_INPUT if the zone is unknown
   */
  end(): Stamps;
}

/** More texts that are no stamps are not kept: no list of issues shows more. */
const mostTexts = 1_000;

/** @param order in which day and month are read */
export function scanStamps(source: string, options: StampOptions, order: DateOrder): StampScan {
  const survey = surveyDateOrder(source);
  const read = createStampReader(order);
  const unreadable = new Map<number, string>();
  /** instant of a stamp with an offset, else what the clock shows; NaN for none */
  let times = new Float64Array(1_024);
  let isInstant = new Uint8Array(1_024);
  let rows = 0;
  let firstClockMs = Number.NaN;
  let lastClockMs = Number.NaN;
  let endsDays = false;
  return {
    add(text) {
      if (rows === times.length) {
        times = doubled(times);
        isInstant = doubled(isInstant);
      }
      if (options.dateOrder === undefined) survey.add(text);
      const row = rows++;
      const stamp = read(text);
      if (!stamp) {
        times[row] = Number.NaN;
        if (unreadable.size < mostTexts) unreadable.set(row, text.slice(0, 60));
        return;
      }
      const { clockMs, offsetMs } = stamp;
      if (Number.isNaN(firstClockMs)) firstClockMs = clockMs;
      lastClockMs = clockMs;
      endsDays ||= stamp.endOfDay;
      times[row] = clockMs - (offsetMs ?? 0);
      isInstant[row] = offsetMs === null ? 0 : 1;
    },
    dateOrder: () => options.dateOrder ?? survey.order(),
    end() {
      const mark = options.stamps ?? (endsDays ? 'end' : 'start');
      const clock = createClock(options.zone, mark);
      const backwards = lastClockMs < firstClockMs;
      for (let k = 0; k < rows; k++) {
        const row = backwards ? rows - 1 - k : k;
        if (isInstant[row] === 1 || Number.isNaN(times[row])) continue;
        const instantMs = clock.instantOf(times[row]!);
        if (Number.isNaN(instantMs)) continue;
        times[row] = instantMs;
        isInstant[row] = 1;
      }
      return {
        mark,
        instantAt: (row) => (isInstant[row] === 1 ? times[row]! : Number.NaN),
        reasonAt(row) {
          if (isInstant[row] === 1) return null;
          const clockMs = times[row] ?? Number.NaN;
          return Number.isNaN(clockMs)
            ? `cannot read the time "${unreadable.get(row) ?? '…'}"`
            : clock.refusalOf(clockMs);
        },
      };
    },
  };
}

interface Clock {
  /** NaN where there is none */
  instantOf(clockMs: number): number;
  refusalOf(clockMs: number): string;
}

function createClock(zone: string | undefined, mark: 'start' | 'end'): Clock {
  if (zone === undefined)
    return {
      instantOf: () => Number.NaN,
      refusalOf: (clockMs) => `"${shown(clockMs)}" has no zone; say --zone`,
    };
  const instantsOf = createInstantsOf(zone);
  return {
    instantOf: createResolver(instantsOf, mark),
    refusalOf: (clockMs) => `the clocks of ${zone} skip ${shown(clockMs)}`,
  };
}

function createResolver(
  instantsOf: InstantsOf,
  mark: 'start' | 'end',
): (clockMs: number) => number {
  const seen = new Set<number>();
  return (clockMs) => {
    const [earlier, later] = instantsOf(clockMs);
    if (earlier !== undefined && later !== undefined) {
      const instant = seen.has(clockMs) ? later : earlier;
      seen.add(clockMs);
      return instant;
    }
    if (earlier !== undefined) return earlier;
    // The hour before clocks go forward ends at the first skipped time.
    const justBefore = mark === 'end' ? instantsOf(clockMs - 1)[0] : undefined;
    return justBefore === undefined ? Number.NaN : justBefore + 1;
  };
}

function shown(clockMs: number): string {
  return localClock(clockMs, 'UTC');
}
