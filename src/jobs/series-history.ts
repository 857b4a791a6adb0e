import { LoadcastError } from '../core/errors.js';
import { horizonOf, type History, type Place, type TemperatureSource } from '../core/history.js';
import { endMs, type HourlySeries } from '../core/hourly.js';
import {
  hourMs,
  hourPhaseMs,
  isOnGrid,
  localDate,
  localInstants,
  type Interval,
} from '../core/time.js';
import { hourlyMeans } from '../ingest/hourly-means.js';
import type { ExtraReadings } from '../core/extra-input.js';
import type { ReadReadingsOptions, Series, Store } from '../store/store.js';
import { hourlyHistory } from './hourly-history.js';
import type { JobServices } from './job-services.js';
import { screeningOf, withoutMarked } from './quality/apply-marks.js';

/** a forecast for now may stand on loads that are at most this old; older data give a forecast as of their end */
const freshHours = 48;

/** Local midnights of a replay: 2 to 29 December in the project's own data set. */
export const replayDays = 28;

export interface HistoryOptions {
  /** only its hours, from the first one with a load; it starts on the hour grid. Absent: all */
  readonly interval?: Interval | undefined;
  /** the calendar as it was known then; absent = as it is now */
  readonly calendarAsOfMs?: number | undefined;
  /** only what had arrived then; absent = all that has */
  readonly knownAtMs?: number | undefined;
}

/**
 * What is stored of one series, on the hour grid, without the loads that the marks in force take away, with events and
 * all. (A replay is made as of earlier times, to which no mark was known.)
 * @throws {LoadcastError} NOT_FOUND if it has no load
 */
export async function seriesHistory(
  { store, policyOf, horizonHours }: Pick<JobServices, 'store' | 'policyOf' | 'horizonHours'>,
  series: Series,
  { interval, calendarAsOfMs, knownAtMs }: HistoryOptions = {},
): Promise<History> {
  const span = await store.loadSpan(series.id);
  // Hours begin where those of the first load do.
  const phaseMs = interval
    ? interval.startMs % hourMs
    : hourPhaseMs(series.place.zone, span?.firstMs ?? 0);
  const options = {
    ...(interval ? { interval } : {}),
    ...(knownAtMs === undefined ? {} : { knownAtMs }),
  };
  const [load, temperature, extras, marks, place] = await Promise.all([
    store.readLoad(series.id, { ...options, hourPhaseMs: phaseMs }),
    store.readTemperature(series.id, { ...options, hourPhaseMs: phaseMs }),
    readExtras(store, series.id, { ...options, hourPhaseMs: phaseMs }),
    series.kind === 'replay' ? [] : store.listLoadMarks(series.id, options),
    placeWithCalendar(store, series, calendarAsOfMs),
  ]);
  if (load.length === 0)
    throw new LoadcastError(
      'NOT_FOUND',
      `The series "${series.name}" has no load yet; \`loadcast import\` reads a file, \`loadcast ingest\` the source of the configuration.`,
    );
  const history = hourlyHistory(place, { load, temperature, extras }, phaseMs);
  return {
    ...history,
    load: withoutMarked(history.load, marks),
    screening: screeningOf(policyOf(series.id), marks),
    horizonHours,
  };
}

/** The further inputs of a series, those that have any reading. */
async function readExtras(
  store: Store,
  seriesId: string,
  options: ReadReadingsOptions,
): Promise<ExtraReadings[]> {
  const extras: ExtraReadings[] = [];
  for (const name of await store.listExtras(seriesId)) {
    const readings = await store.readExtra(seriesId, name, options);
    if (readings.length > 0) extras.push({ name, readings });
  }
  return extras;
}

/** Where a series lives, with what has been added to its calendar. */
export async function placeWithCalendar(
  store: Store,
  { id, place }: Series,
  asOfMs?: number,
): Promise<Place> {
  const records = await store.readCalendarEntries(id, { asOfMs });
  return records.length === 0 ? place : { ...place, entries: records.map(({ entry }) => entry) };
}

/** Temperature of the horizon as stored forecast runs have it. */
export async function storedWeather(
  { store, horizonHours }: Pick<JobServices, 'store' | 'horizonHours'>,
  series: Series,
  issuedAtMs: number,
  knownAtMs?: number,
): Promise<{ temperature: HourlySeries | null; source: TemperatureSource }> {
  const interval = { startMs: issuedAtMs, endMs: issuedAtMs + horizonHours * hourMs };
  const run = await store.readWeatherForecast(series.id, {
    interval,
    ...(knownAtMs === undefined ? {} : { knownAtMs }),
  });
  if (run.source === null || run.readings.length === 0)
    return { temperature: null, source: 'none' };
  return {
    temperature: hourlyMeans(run.readings, hourPhaseMs(series.place.zone, issuedAtMs)).hourly,
    source: run.source,
  };
}

/**
 * When a forecast of a live series is issued: this hour while the loads are fresh, else as of the end of the loads.
 */
export function liveIssueTime(load: HourlySeries, nowMs: number): number {
  const nowHourMs = load.startMs + Math.floor((nowMs - load.startMs) / hourMs) * hourMs;
  const lastMs = lastKnownEnd(load);
  const ageHours = (nowHourMs - lastMs) / hourMs;
  return ageHours >= 0 && ageHours <= freshHours ? nowHourMs : lastMs;
}

/** End of the last hour with a load. */
export function lastKnownEnd(load: HourlySeries): number {
  let last = load.values.length;
  while (last > 0 && !Number.isFinite(load.values[last - 1]!)) last--;
  return load.startMs + last * hourMs;
}

/** The last local midnights whose whole horizon lies in the data. */
export function replayOrigins(history: History): number[] {
  const { zone } = history.place;
  const until = endMs(history.load) - horizonOf(history) * hourMs;
  const from = until - (replayDays + 1) * 24 * hourMs;
  return localInstants(zone, localDate(from, zone), localDate(until, zone))
    .filter((instantMs) => instantMs <= until && isOnGrid(instantMs, history.load.startMs))
    .slice(-replayDays);
}
