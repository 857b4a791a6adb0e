import { Cron } from 'croner';
import { LoadcastError, messageOf } from '../core/errors.js';
import { assertZone } from '../core/time.js';

/**
 * The next instants of a cron time on a zone's clock, strictly after `afterMs`. A time that the clock skips is moved
 * past the gap by croner, one that it repeats comes once.
 * @param cron five fields: minute, hour, day of the month, month, weekday
 * @returns UTC ms, ascending, at most `count`
 * @throws {LoadcastError} INVALID_INPUT if the time or the zone cannot be read
 */
export function nextCronTimes(
  cron: string,
  zone: string,
  afterMs: number,
  count: number,
): number[] {
  return parseCron(cron, zone)
    .nextRuns(count, new Date(afterMs))
    .map((date) => date.getTime());
}

/** @throws {LoadcastError} INVALID_INPUT if the time or the zone cannot be read */
export function parseCron(cron: string, zone: string): Cron {
  assertZone(zone);
  try {
    return new Cron(cron, { timezone: zone, paused: true, mode: '5-part' });
  } catch (error) {
    throw new LoadcastError(
      'INVALID_INPUT',
      `"${cron}" is not a cron time (${messageOf(error)}); write five fields, such as "15 0 * * *" for 00:15.`,
      { cause: error },
    );
  }
}
