import { existsSync, readFileSync } from 'node:fs';
import { dayMs, dayNumber } from '../core/time.js';

/** Holidays and working days of one country and year as its government decreed them. */
export interface DecreedYear {
  /** ascending */
  readonly holidays: readonly { readonly day: number; readonly name: string }[];
  /** days of a weekend that are worked, as day numbers */
  readonly workingDays: readonly number[];
}

/**
 * What a country's yearly decree says, for countries that move working days to the weekend: from the tables in
 * `data/calendar`, one file a country, which name their sources in its README.
 * @param country two capital letters
 * @returns null if no table covers that year
 */
export function decreedYear(country: string, year: number): DecreedYear | null {
  let years = byCountry.get(country);
  if (!years) byCountry.set(country, (years = readYears(country)));
  return years.get(year) ?? null;
}

const byCountry = new Map<string, ReadonlyMap<number, DecreedYear>>();

function readYears(country: string): ReadonlyMap<number, DecreedYear> {
  const years = new Map<
    number,
    { holidays: { day: number; name: string }[]; workingDays: number[] }
  >();
  const file = new URL(`../../data/calendar/${country}.csv`, import.meta.url);
  if (!/^[A-Z]{2}$/.test(country) || !existsSync(file)) return years;
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  for (const line of lines) {
    const [date = '', , kind, name = ''] = line.trim().split(',');
    const day = dayNumber(date);
    const year = new Date(day * dayMs).getUTCFullYear();
    const decreed = years.get(year) ?? { holidays: [], workingDays: [] };
    years.set(year, decreed);
    if (kind === 'working-day') decreed.workingDays.push(day);
    else decreed.holidays.push({ day, name });
  }
  return years;
}
