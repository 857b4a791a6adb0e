import { InvalidArgumentError, Option } from 'commander';
import { LoadcastError } from '../core/errors.js';
import { isHorizon } from '../core/horizon.js';
import { optionProblems } from '../core/option-problems.js';
import { assertZone, localInstants, type Interval } from '../core/time.js';
import { lstmOptions, type LstmOptions } from '../models/lstm/lstm-options.js';

/** Parsers of option values for commander: each returns the value or says what was expected. */

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`);
    return value;
  };
}

export function decimal(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most))
      throw new InvalidArgumentError(`Write a number from ${least} to ${most}.`);
    return value;
  };
}

/** Hours that forecasts cover. */
export function horizon(text: string): number {
  const hours = Number(text);
  if (text.trim() !== '' && isHorizon(hours)) return hours;
  throw new InvalidArgumentError('Write 72, 96, 120, 144 or 168.');
}

/** A calendar date `YYYY-MM-DD`. */
export function calendarDate(text: string): string {
  return accepted(text, () => localInstants('UTC', text, text));
}

/** A time of day `HH:MM`. */
export function timeOfDay(text: string): string {
  return accepted(text, () => localInstants('UTC', '2000-01-01', '2000-01-01', text));
}

/** Two instants with Z or an offset, `FROM/TO`, TO being later (ISO 8601). */
export function instantSpan(text: string): Interval {
  const [from = '', to = '', ...rest] = text.split('/');
  const [startMs, endMs] = [from, to].map((part) =>
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.test(part)
      ? Date.parse(part)
      : Number.NaN,
  );
  if (startMs === undefined || endMs === undefined || !(startMs < endMs) || rest.length > 0)
    throw new InvalidArgumentError(
      'Write two instants with Z or an offset and a slash between: 2026-01-01T00:00Z/2026-01-02T00:00Z.',
    );
  return { startMs, endMs };
}

/** An IANA time zone. */
export function zone(text: string): string {
  return accepted(text, () => {
    assertZone(text);
  });
}

/** A list with commas, every part read by `parse`; the empty list is refused. */
export function listOf<T>(parse: (text: string) => T): (text: string) => T[] {
  return (text) => {
    const parts = text.split(',').map((part) => part.trim());
    if (parts.includes('')) throw new InvalidArgumentError('Write values with a comma between.');
    return parts.map(parse);
  };
}

/** Further inputs of the models, which import and back-test read alike. */
export function extraColumnsOption(): Option {
  return new Option(
    '--extra-columns <names>',
    'columns of further inputs, such as irradiance or installed PV capacity, with commas between',
  ).argParser(listOf((name) => name));
}

/** Options of the LSTM as JSON, as in the configuration. */
export function lstmJson(text: string): LstmOptions {
  let options: unknown;
  try {
    options = JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('Write JSON, such as {"units":64}.');
  }
  const parsed = lstmOptions.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(optionProblems(lstmOptions, options, parsed.error).join('; '));
}

function accepted(text: string, check: () => unknown): string {
  try {
    check();
    return text;
  } catch (error) {
    if (error instanceof LoadcastError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}
