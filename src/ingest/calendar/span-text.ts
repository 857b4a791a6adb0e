import { LoadcastError } from '../../core/errors.js';
import { localInstants, plusLocalDays, type Interval } from '../../core/time.js';
import { createInstantsOf } from '../local-stamps.js';

const written = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2})?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * A span as people write it. A date is the whole local day, so that as the end it is the last day; a time is an
 * instant, so that as the end it is where the span stops. Without an offset it is one of the zone's clocks.
 * @param from `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`, with an offset or without
 * @param to the same; blank = the day of `from`
 * @throws {LoadcastError} INVALID_INPUT if either is none, or a time that the clocks skip or show twice
 */
export function readSpan(from: string, to: string, zone: string): Interval {
  const endText = to === '' ? (written.exec(from)?.[1] ?? from) : to;
  const end = instantOf(endText, zone);
  return {
    startMs: instantOf(from, zone).instantMs,
    endMs: end.wholeDay ? plusLocalDays(end.instantMs, zone, 1) : end.instantMs,
  };
}

function instantOf(text: string, zone: string): { instantMs: number; wholeDay: boolean } {
  const [, date = '', time, offset] = written.exec(text) ?? [];
  if (date === '')
    throw invalid(`"${text}" is no date or time; write YYYY-MM-DD or YYYY-MM-DDTHH:MM.`);
  const [dayMs] = localInstants('UTC', date, date, time ?? '00:00');
  if (time === undefined) {
    const [startMs] = localInstants(zone, date, date);
    if (startMs === undefined) throw invalid(`The clocks of ${zone} left out ${date}.`);
    return { instantMs: startMs, wholeDay: true };
  }
  if (offset !== undefined)
    return { instantMs: Date.parse(text.replace(' ', 'T')), wholeDay: false };
  const instants = createInstantsOf(zone)(dayMs ?? Number.NaN);
  const [instantMs] = instants;
  if (instantMs === undefined) throw invalid(`The clocks of ${zone} skip ${date} ${time}.`);
  if (instants.length > 1)
    throw invalid(`The clocks of ${zone} show ${date} ${time} twice; write its offset, as +01:00.`);
  return { instantMs, wholeDay: false };
}

function invalid(message: string): LoadcastError {
  return new LoadcastError('INVALID_INPUT', message);
}
