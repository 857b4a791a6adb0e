import type { QualityIssue } from '../core/quality-issue.js';
import { localClock } from '../core/time.js';
import { createInstantsOf, type InstantsOf } from './local-stamps.js';
import { dateOrderOf, parseStamp, type DateOrder, type Stamp } from './stamp-text.js';

export interface StampOptions {
  /** zone of stamps without an offset; absent = such stamps are rejected */
  readonly zone?: string;
  /** for dates such as 03/04/2024; absent = found from the dates themselves */
  readonly dateOrder?: DateOrder;
  /** what stamps mark; absent = the start, but the end in a file that writes 24:00 */
  readonly stamps?: 'start' | 'end';
}

export interface Stamps {
  /** instant of each row, UTC ms; NaN where it was rejected */
  readonly instantMs: Float64Array;
  /** why the row was rejected, or null */
  readonly reasons: readonly (QualityIssue['reason'] | null)[];
  readonly mark: 'start' | 'end';
}

/**
 * Turns the stamps of a file into instants.
 * A clock time that is doubled when clocks go back is the earlier instant the first time it occurs in the order of
 * time and the later one after that; one that the clocks skip is rejected.
 * @throws {LoadcastError} INVALID_INPUT if the order of day and month cannot be told, or the zone is unknown
 */
export function readStamps(
  source: string,
  texts: readonly string[],
  options: StampOptions,
): Stamps {
  const order = options.dateOrder ?? dateOrderOf(source, texts);
  const stamps = texts.map((text) => parseStamp(text, order));
  const mark = options.stamps ?? (stamps.some((stamp) => stamp?.endOfDay) ? 'end' : 'start');
  const instantMs = new Float64Array(texts.length).fill(Number.NaN);
  const reasons: (string | null)[] = Array.from({ length: texts.length }, () => null);
  const instantsOf = options.zone === undefined ? null : createInstantsOf(options.zone);
  const resolve = createResolver(instantsOf, options.zone ?? '', mark);
  const backwards = runsBackwards(stamps);
  for (let k = 0; k < stamps.length; k++) {
    const row = backwards ? stamps.length - 1 - k : k;
    const stamp = stamps[row] ?? null;
    const resolved = stamp
      ? resolve(stamp)
      : `cannot read the time "${(texts[row] ?? '').slice(0, 60)}"`;
    if (typeof resolved === 'number') instantMs[row] = resolved;
    else reasons[row] = resolved;
  }
  return { instantMs, reasons, mark };
}

/** @returns a function that gives the instant of a stamp, or in words why it has none */
function createResolver(
  instantsOf: InstantsOf | null,
  zone: string,
  mark: 'start' | 'end',
): (stamp: Stamp) => number | string {
  const seen = new Set<number>();
  return ({ clockMs, offsetMs }) => {
    if (offsetMs !== null) return clockMs - offsetMs;
    if (!instantsOf) return `"${shown(clockMs)}" has no zone; say --zone`;
    const [earlier, later] = instantsOf(clockMs);
    if (earlier !== undefined && later !== undefined) {
      const instant = seen.has(clockMs) ? later : earlier;
      seen.add(clockMs);
      return instant;
    }
    if (earlier !== undefined) return earlier;
    // The hour before clocks go forward ends at the first skipped time.
    const justBefore = mark === 'end' ? instantsOf(clockMs - 1)[0] : undefined;
    return justBefore === undefined
      ? `the clocks of ${zone} skip ${shown(clockMs)}`
      : justBefore + 1;
  };
}

function shown(clockMs: number): string {
  return localClock(clockMs, 'UTC');
}

function runsBackwards(stamps: readonly (Stamp | null)[]): boolean {
  const first = stamps.find((stamp) => stamp !== null);
  const last = stamps.findLast((stamp) => stamp !== null);
  return first != null && last != null && last.clockMs < first.clockMs;
}
