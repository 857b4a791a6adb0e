import Holidays from 'date-holidays';
import { LoadcastError } from '../core/errors.js';
import { dayMs, hourMs } from '../core/time.js';
import { parseHolidayRegions } from './holiday-regions.js';
import { decreedYear } from './moved-days.js';

/** A holiday in local wall clock written as if it were UTC, `[startLocalMs, endLocalMs)`. */
export interface HolidaySpan {
  /** in the language of the region, the same every year */
  readonly name: string;
  readonly startLocalMs: number;
  readonly endLocalMs: number;
}

/**
 * Days on which offices and works stand still: public holidays, and the `bank` ones such as Swedish Midsummer's Eve or
 * the afternoon of Christmas Eve in Germany. Observances (Mother's Day), optional and school days do not move load much.
 */
const types: ReadonlySet<string> = new Set(['public', 'bank']);

const spansByYear = new Map<string, readonly HolidaySpan[]>();

/**
 * Holidays of one region in one calendar year (one that begins in the year before may reach into it). In the years that
 * a country's own table covers, its days are those of the table.
 * @param region date-holidays region: country, `country-state` or `country-state-region`, such as `FR` or `AU-VIC`
 * @returns ascending by start
 * @throws {LoadcastError} INVALID_INPUT if the region is unknown
 * @see date-holidays; its dates are CC BY-SA 3.0
 */
export function holidaysOfYear(region: string, year: number): readonly HolidaySpan[] {
  const key = `${region.toUpperCase()} ${year}`;
  const known = spansByYear.get(key);
  if (known) return known;
  const listed = openRegion(region);
  const spans =
    decreedYear(countryOf(region), year)?.holidays.map(({ day, name }) => ({
      name,
      startLocalMs: day * dayMs,
      endLocalMs: (day + 1) * dayMs,
    })) ??
    listed
      .getHolidays(year)
      .filter((holiday) => types.has(holiday.type))
      .map((holiday) => ({
        name: holiday.name,
        ...localSpan(holiday.date, holiday.end.getTime() - holiday.start.getTime()),
      }));
  if (spansByYear.size > 2000) spansByYear.clear();
  spansByYear.set(key, spans);
  return spans;
}

/** Days of a weekend that are worked in a country, as day numbers: none where no table of its own covers the year. */
export function workingDaysOfYear(region: string, year: number): readonly number[] {
  return decreedYear(countryOf(region), year)?.workingDays ?? [];
}

function countryOf(region: string): string {
  return region.toUpperCase().split('-')[0] ?? '';
}

/**
 * @param regions one region, or several with weights: see `parseHolidayRegions`
 * @throws {LoadcastError} INVALID_INPUT if one is unknown, or they are not written so
 */
export function assertHolidayRegion(regions: string): void {
  for (const { region } of parseHolidayRegions(regions)) if (region !== null) openRegion(region);
}

export function isHolidayRegion(regions: string): boolean {
  try {
    assertHolidayRegion(regions);
    return true;
  } catch {
    return false;
  }
}

function openRegion(region: string): Holidays {
  const index = new Holidays();
  const [country = '', state, subregion, ...rest] = region.toUpperCase().split('-');
  if (!(country in index.getCountries()))
    throw unknownRegion(region, 'countries', Object.keys(index.getCountries()));
  if (state === undefined) return new Holidays(country);
  const states = Object.keys(index.getStates(country) ?? {});
  if (!states.includes(state)) throw unknownRegion(region, `states of ${country}`, states);
  if (subregion === undefined) return new Holidays(country, state);
  const regions = Object.keys(index.getRegions(country, state) ?? {});
  if (!regions.includes(subregion) || rest.length > 0)
    throw unknownRegion(region, `regions of ${country}-${state}`, regions);
  return new Holidays(country, state, subregion);
}

function unknownRegion(region: string, level: string, exist: readonly string[]): LoadcastError {
  const list = exist.length > 0 ? exist.join(', ') : 'none';
  return new LoadcastError(
    'INVALID_INPUT',
    `Unknown holiday region "${region}"; write one like FR or AU-VIC. Known ${level}: ${list}.`,
  );
}

/**
 * A library date such as `2018-06-15 00:00:00 -0600` names the local day; the suffix only shifts its instants (an
 * Islamic day begins at sunset before). Whole days are counted in days, so that a 23- or 25-hour day stays whole.
 */
function localSpan(date: string, durationMs: number): Omit<HolidaySpan, 'name'> {
  const startLocalMs = Date.parse(`${date.slice(0, 10)}T${date.slice(11, 19)}Z`);
  const hoursIntoDay = (startLocalMs % dayMs) / hourMs;
  const endLocalMs =
    hoursIntoDay === 0 && durationMs >= 23 * hourMs
      ? startLocalMs + Math.max(1, Math.round(durationMs / dayMs)) * dayMs
      : startLocalMs + durationMs;
  return { startLocalMs, endLocalMs };
}
