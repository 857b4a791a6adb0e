import { z } from 'zod';
import { LoadcastError } from '../../core/errors.js';
import type { Reading } from '../../core/reading.js';
import { hourMs } from '../../core/time.js';
import { asDocumented } from './documented-shape.js';

/** What one series of an answer is. */
export interface HourlyColumn {
  readonly name: string;
  readonly unit: string;
  /** beyond these nothing can be true */
  readonly least: number;
  readonly most: number;
  /** the hour that a value at the full hour stands for: means are given at the end of theirs */
  readonly hour: 'starting' | 'ending';
}

const source = 'Open-Meteo';
/** of a leap year and a day */
const hoursAtMost = 24 * 367;

const placeSchema = z.object({
  utc_offset_seconds: z.literal(0),
  hourly_units: z.record(z.string(), z.string()),
  hourly: z.looseObject({
    time: z
      .array(
        z
          .string()
          .regex(/T\d{2}:00$/)
          .transform((hour) => `${hour}Z`)
          .pipe(z.iso.datetime({ precision: -1 })),
      )
      .max(hoursAtMost),
  }),
});
type Place = z.output<typeof placeSchema>;

/**
 * The columns of an answer, each as the weighted mean of the places. Hours that any place lacks are left out, as a mean
 * of the others would jump; of an hour that is given twice the last value counts.
 * @param places as asked, weights relative to their sum
 * @returns for each column its readings, ascending
 * @throws {LoadcastError} SOURCE_FAILED if the answer is not of the documented shape
 */
export function readHourly(
  json: unknown,
  columns: readonly HourlyColumn[],
  places: readonly { readonly weight: number }[],
): Reading[][] {
  const answers = placesOf(json);
  if (answers.length !== places.length)
    throw new LoadcastError(
      'SOURCE_FAILED',
      `Open-Meteo's answer has ${answers.length} places, asked were ${places.length}.`,
    );
  const totalWeight = places.reduce((sum, { weight }) => sum + weight, 0);
  const shares = places.map(({ weight }) => weight / totalWeight);
  return columns.map((column) =>
    weightedMean(
      answers.map((answer) => valuesOf(answer, column)),
      shares,
    ),
  );
}

/** Names of the columns of an answer, those of all places. */
export function columnNames(json: unknown): string[] {
  const names = placesOf(json).flatMap(({ hourly }) => Object.keys(hourly));
  return [...new Set(names)].filter((name) => name !== 'time');
}

/** One place comes bare, several come as a list in the order that was asked. */
function placesOf(json: unknown): Place[] {
  return asDocumented(source, z.array(placeSchema), Array.isArray(json) ? json : [json]);
}

/** by start of the hour */
function valuesOf(place: Place, column: HourlyColumn): Map<number, number> {
  const { name, least, most, hour } = column;
  const columnSchema = z.object({
    unit: z.literal(column.unit),
    values: z.array(z.number().min(least).max(most).nullable()),
  });
  const { values } = asDocumented(`${source} (${name})`, columnSchema, {
    unit: place.hourly_units[name],
    values: place.hourly[name],
  });
  const { time } = place.hourly;
  if (time.length !== values.length)
    throw new LoadcastError(
      'SOURCE_FAILED',
      `Open-Meteo's answer has ${time.length} hours but ${values.length} values of ${name}.`,
    );
  const shiftMs = hour === 'ending' ? hourMs : 0;
  const valueOf = new Map<number, number>();
  values.forEach((value, i) => {
    if (value !== null) valueOf.set(Date.parse(time[i] ?? '') - shiftMs, value);
  });
  return valueOf;
}

function weightedMean(
  places: readonly ReadonlyMap<number, number>[],
  shares: readonly number[],
): Reading[] {
  const hours = [...(places[0]?.keys() ?? [])].filter((startMs) =>
    places.every((place) => place.has(startMs)),
  );
  const meanAt = (startMs: number): number =>
    places.reduce((sum, place, at) => sum + (shares[at] ?? 0) * (place.get(startMs) ?? 0), 0);
  return hours
    .sort((a, b) => a - b)
    .map((startMs) => ({ startMs, minutes: 60, value: meanAt(startMs) }));
}
