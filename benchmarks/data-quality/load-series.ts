import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { History, Place } from '../../src/core/history.js';
import type { Reading } from '../../src/core/reading.js';
import { hourlyMeans } from '../../src/ingest/hourly-means.js';
import { dataFolder } from '../data-sets.js';

/** Native load of one file on its regular grid, NaN where blank, with what belongs to it. */
export interface LoadSeries {
  readonly name: string;
  readonly place: Place;
  readonly startMs: number;
  readonly minutes: number;
  readonly values: Float64Array;
  readonly temperature: History['temperature'];
}

export interface SeriesFile {
  readonly name: string;
  readonly file: string;
  readonly place: Place;
  readonly minutes: number;
}

const melbourne: Place = { zone: 'Australia/Melbourne', holidayRegion: 'AU-VIC' };

export const seriesFiles = {
  victoria: { name: 'vic_elec', file: 'vic_elec_hourly.csv.gz', place: melbourne, minutes: 60 },
  victoriaNative: {
    name: 'vic_elec 30 min',
    file: 'vic_elec_native.csv.gz',
    place: melbourne,
    minutes: 30,
  },
  isone: {
    name: 'isone',
    file: 'isone_hourly.csv.gz',
    place: { zone: 'America/New_York', holidayRegion: 'US' },
    minutes: 60,
  },
  northMacedonia: {
    name: 'north_macedonia',
    file: 'north_macedonia_hourly.csv.gz',
    place: { zone: 'Europe/Skopje', holidayRegion: 'MK' },
    minutes: 60,
  },
} as const satisfies Record<string, SeriesFile>;

/** @returns null where the file is not there */
export function readSeries({ name, file, place, minutes }: SeriesFile): LoadSeries | null {
  const path = join(dataFolder(), file);
  if (!existsSync(path)) return null;
  const [header = '', ...lines] = gunzipSync(readFileSync(path)).toString().trim().split('\n');
  const columns = header.split(',');
  const rows = lines.map((line) => line.split(','));
  const column = (title: string): Float64Array => {
    const at = columns.indexOf(title);
    return Float64Array.from(rows, (cells) => (cells[at] ? Number(cells[at]) : Number.NaN));
  };
  const startMs = Date.parse(rows[0]?.[0] ?? '');
  const temperature = toReadings(startMs, minutes, column('temperature_c'));
  return {
    name,
    place,
    startMs,
    minutes,
    values: column('load_mw'),
    temperature: hourlyMeans(temperature).hourly,
  };
}

export function toReadings(startMs: number, minutes: number, values: Float64Array): Reading[] {
  const readings: Reading[] = [];
  for (const [i, value] of values.entries())
    if (!Number.isNaN(value))
      readings.push({ startMs: startMs + i * minutes * 60_000, minutes, value });
  return readings;
}

/** Both forms that the inspection takes of the same loads. */
export function toInspect(
  { place, startMs, minutes, temperature }: Omit<LoadSeries, 'values' | 'name'>,
  values: Float64Array,
): { history: History; readings: Reading[] } {
  const readings = toReadings(startMs, minutes, values);
  return { history: { place, load: hourlyMeans(readings).hourly, temperature }, readings };
}

/** The part of a series inside `[fromMs, toMs)`. */
export function cutSeries(series: LoadSeries, fromMs: number, toMs: number): LoadSeries {
  const stepMs = series.minutes * 60_000;
  const from = Math.max(0, Math.round((fromMs - series.startMs) / stepMs));
  const to = Math.min(series.values.length, Math.round((toMs - series.startMs) / stepMs));
  return {
    ...series,
    startMs: series.startMs + from * stepMs,
    values: series.values.slice(from, to),
  };
}
