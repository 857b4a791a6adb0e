import type { CalendarEntry } from '../core/calendar-entry.js';
import type { Evaluation } from '../core/evaluation.js';
import type { Forecast } from '../core/forecast.js';
import type { Place } from '../core/history.js';
import type { LoadKind } from '../core/load-kind.js';
import type { LoadStage } from '../core/load-stage.js';
import type { LoadMark, NewLoadMark } from '../core/load-mark.js';
import type { ModelCard } from '../core/model-card.js';
import type { ImportSummary } from '../core/quality-issue.js';
import type { Reading } from '../core/reading.js';
import type { Readings } from '../core/reading-columns.js';
import type { Interval } from '../core/time.js';

export interface Series {
  /** slug of the name, unique: lower-case letters, digits, `-` */
  readonly id: string;
  readonly name: string;
  readonly place: Place;
  /** of its newest load; earlier intervals may be of other lengths */
  readonly resolutionMinutes: number;
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** a replay has its own clock: it ends with its data and is never scheduled */
  readonly kind: 'live' | 'replay';
  /** net of generation behind the meters, or gross of it, as its owner says; null = not said */
  readonly loadKind: LoadKind | null;
  /** unit of its source, such as `kW`; stored loads are MW */
  readonly sourceUnit: string;
  /** hours from the end of an interval until its load is usually there */
  readonly reportingDelayHours: number;
  readonly createdAtMs: number;
}

/**
 * When readings arrived. `assumed` marks history without an arrival time: interval end + reporting delay, and no later
 * than `writtenAtMs` where that is given; a correction of a stored value is then known from `writtenAtMs` on.
 */
export type Reception = (
  | { readonly kind: 'received'; readonly atMs: number }
  | { readonly kind: 'assumed'; readonly writtenAtMs?: number }
) & {
  /** of loads; absent = operational */
  readonly stage?: LoadStage | undefined;
};

export interface WriteCounts {
  readonly added: number;
  readonly unchanged: number;
  readonly revised: number;
}

export interface WeatherRun {
  readonly source: 'file' | 'open-meteo';
  readonly runAtMs: number;
  readonly availableAtMs: number;
  readonly readings: readonly Reading[];
}

/** Members of an ensemble weather forecast, °C, hourly each. */
export interface WeatherEnsemble {
  readonly runAtMs: number;
  readonly availableAtMs: number;
  readonly members: readonly (readonly Reading[])[];
}

export interface ReadOptions {
  readonly interval?: Interval;
  /** only versions that were available at this instant; absent = newest of all */
  readonly knownAtMs?: number;
}

export interface ReadReadingsOptions extends ReadOptions {
  /**
   * Where hours begin within the UTC hour, for a caller who wants their means: the readings of one length that fill an
   * hour may come as one, their mean.
   */
  readonly hourPhaseMs?: number;
}

export interface ReadLoadOptions extends ReadReadingsOptions {
  /** only loads of this stage; absent = the best that is known, settled ones before operational ones */
  readonly stage?: LoadStage;
}

export interface ReadingSpan {
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface ModelFile {
  /** path relative to the model folder */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** One trained bundle of members: record here, bytes in the model folder. */
export interface BundleRecord {
  readonly id: string;
  readonly seriesId: string;
  readonly createdAtMs: number;
  readonly state: 'candidate' | 'champion' | 'retired';
  readonly card: ModelCard;
  readonly files: readonly ModelFile[];
}

export interface JobRun {
  readonly id: string;
  readonly job: string;
  readonly seriesId: string | null;
  readonly state: 'running' | 'succeeded' | 'failed' | 'abandoned';
  readonly startedAtMs: number;
  readonly finishedAtMs: number | null;
  readonly error: string | null;
  /** the process that runs it, or ran it */
  readonly processId: number;
}

/** Who added entries to a calendar, when, from where and why. */
export interface CalendarAddition {
  readonly atMs: number;
  readonly author: string;
  /** a file, or where else they came from */
  readonly source: string;
  readonly reason: string | null;
}

/** A stored entry of a calendar; it stands from its creation until it is withdrawn. */
export interface CalendarRecord {
  readonly id: number;
  readonly seriesId: string;
  readonly entry: CalendarEntry;
  readonly source: string;
  readonly author: string;
  readonly reason: string | null;
  readonly createdAtMs: number;
  readonly withdrawnAtMs: number | null;
  readonly withdrawnBy: string | null;
}

/** The one contract of the database, whichever it is. Nothing stored is overwritten: readings are versions, forecasts vintages. */
export interface Store {
  /** Adds or changes a series; the creation time of a stored one stays. */
  saveSeries(series: Series): Promise<void>;
  listSeries(): Promise<Series[]>;
  findSeries(id: string): Promise<Series | null>;

  /**
   * Adds a version for each value that is new or differs; the same values again change nothing. NaN readings are
   * refused, all of them with one. An operational load leaves a settled one as it is. More than 100,000 are stored in batches: a write cut short leaves whole ones.
   * @param onWritten called with the number of readings that are stored so far
   */
  writeLoad(
    seriesId: string,
    readings: Readings,
    reception: Reception,
    onWritten?: (readings: number) => void,
  ): Promise<WriteCounts>;
  writeTemperature(
    seriesId: string,
    readings: Readings,
    reception: Reception,
    onWritten?: (readings: number) => void,
  ): Promise<WriteCounts>;
  /** Of a further input of the models, measured and forecast alike: the newest version of an hour is the best known. */
  writeExtra(
    seriesId: string,
    name: string,
    readings: Readings,
    reception: Reception,
    onWritten?: (readings: number) => void,
  ): Promise<WriteCounts>;
  writeWeatherRun(seriesId: string, run: WeatherRun): Promise<WriteCounts>;
  /** ascending by start, newest available version of each interval */
  readLoad(seriesId: string, options?: ReadLoadOptions): Promise<Reading[]>;
  readTemperature(seriesId: string, options?: ReadReadingsOptions): Promise<Reading[]>;
  readExtra(seriesId: string, name: string, options?: ReadReadingsOptions): Promise<Reading[]>;
  /** names of the further inputs that are stored, ascending */
  listExtras(seriesId: string): Promise<string[]>;
  /** starts of the first and the last interval with a load; null without any */
  loadSpan(seriesId: string): Promise<ReadingSpan | null>;
  temperatureSpan(seriesId: string): Promise<ReadingSpan | null>;
  extraSpan(seriesId: string, name: string): Promise<ReadingSpan | null>;
  /**
   * Adds marks of loads, and withdraws others: a change is both. Either all of it is stored or nothing.
   * @throws {LoadcastError} NOT_FOUND if a mark to withdraw is not in force
   */
  changeLoadMarks(
    seriesId: string,
    change: { readonly add: readonly NewLoadMark[]; readonly withdraw: readonly number[] },
    atMs: number,
  ): Promise<void>;
  /** the marks in force, now or at `knownAtMs`, that touch the interval; ascending by start */
  listLoadMarks(seriesId: string, options?: ReadOptions): Promise<LoadMark[]>;

  /** newest available run of each hour, ascending by start; `source` is that of the newest run among them */
  readWeatherForecast(
    seriesId: string,
    options?: ReadOptions,
  ): Promise<{ source: WeatherRun['source'] | null; readings: Reading[] }>;
  /** the runs since an instant, each with its own hours; newest first, those of one time as one */
  listWeatherRuns(
    seriesId: string,
    sinceMs: number,
    options?: ReadOptions,
  ): Promise<Pick<WeatherRun, 'runAtMs' | 'availableAtMs' | 'readings'>[]>;
  /** @returns false if it says the same as the last one, which is kept alone */
  writeWeatherEnsemble(seriesId: string, ensemble: WeatherEnsemble): Promise<boolean>;
  /** the newest that ran since an instant and was available at another; null without any */
  latestWeatherEnsemble(
    seriesId: string,
    sinceMs: number,
    knownAtMs?: number,
  ): Promise<WeatherEnsemble | null>;

  /**
   * Adds what the calendar does not hold yet: an entry that says the same as a standing one changes nothing.
   * @throws {LoadcastError} INVALID_INPUT naming the first entry that cannot be one, NOT_FOUND
   */
  addCalendarEntries(
    seriesId: string,
    entries: readonly CalendarEntry[],
    addition: CalendarAddition,
  ): Promise<{ readonly added: number; readonly unchanged: number }>;
  /** @throws {LoadcastError} NOT_FOUND if the series has no such entry, CONFLICT if it is withdrawn already */
  withdrawCalendarEntry(
    seriesId: string,
    id: number,
    withdrawal: Pick<CalendarAddition, 'atMs' | 'author'>,
  ): Promise<CalendarRecord>;
  /**
   * Ascending by start.
   * @param options `asOfMs`: those that stood at this instant; absent = those that stand now
   */
  readCalendarEntries(
    seriesId: string,
    options?: { readonly asOfMs?: number | undefined },
  ): Promise<CalendarRecord[]>;

  /**
   * @throws {LoadcastError} CONFLICT if the id is stored already, INVALID_INPUT if a value is not finite, NOT_FOUND if
   * its series or its bundle is not stored
   */
  saveForecast(forecast: Forecast): Promise<void>;
  /** newest by issue time, then by creation; only issue times before `beforeMs` */
  latestForecast(seriesId: string, beforeMs?: number): Promise<Forecast | null>;
  findForecast(id: string): Promise<Forecast | null>;
  /**
   * Without the ranks of their paths, ascending by issue time; the newest vintage of each issue time; half-open interval of issue times.
   * @param createdBeforeMs only what was there then
   */
  listForecasts(seriesId: string, issued: Interval, createdBeforeMs?: number): Promise<Forecast[]>;

  /** Figures that are not finite are stored as missing and read as NaN. */
  saveEvaluation(evaluation: Evaluation): Promise<void>;
  /** newest first */
  listEvaluations(seriesId: string, limit: number): Promise<Evaluation[]>;

  /**
   * Stores a bundle; a champion retires the one before it, in one transaction. A stored one may only change its state.
   * @throws {LoadcastError} CONFLICT if the id is stored with another card or other files
   */
  saveBundle(bundle: BundleRecord): Promise<void>;
  championBundle(seriesId: string): Promise<BundleRecord | null>;
  /** newest first */
  listBundles(seriesId: string): Promise<BundleRecord[]>;

  saveImport(seriesId: string, atMs: number, summary: ImportSummary): Promise<void>;
  /** newest first */
  listImports(seriesId: string, limit: number): Promise<(ImportSummary & { atMs: number })[]>;

  /**
   * Stores the start of a run by this process.
   * @throws {LoadcastError} CONFLICT if the same job of the same series is running
   */
  startJobRun(job: string, seriesId: string | null, atMs: number): Promise<JobRun>;
  /**
   * Stores the end of a run, also of one that was taken for abandoned meanwhile.
   * @throws {LoadcastError} NOT_FOUND if there is no such run, or it has ended already
   */
  finishJobRun(id: string, atMs: number, error: string | null): Promise<void>;
  /** Marks the runs that a dead process left behind; those of living processes go on. Returns how many. */
  abandonRunningJobs(atMs: number): Promise<number>;
  /**
   * Newest first.
   * @param seriesId only the runs of this series and those of the whole program; absent: all
   */
  listJobRuns(limit: number, seriesId?: string): Promise<JobRun[]>;

  /**
   * Deletes what only grows and nobody asks for any more: job runs that started before, the fetched weather forecasts
   * of a series whose last hour lies before, and of its further inputs what was forecast of hours before and is
   * superseded. Loads, temperatures, runs from files and forecasts stay.
   */
  forgetBefore(
    seriesId: string,
    beforeMs: number,
  ): Promise<{
    readonly jobRuns: number;
    readonly weatherHours: number;
    readonly extraVersions: number;
  }>;

  close(): Promise<void>;
}
