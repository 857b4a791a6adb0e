import { bundles } from './bundles.js';
import { calendarEntries } from './calendar-entries.js';
import { evaluations } from './evaluations.js';
import { forecasts } from './forecasts.js';
import { imports } from './imports.js';
import { jobRuns } from './job-runs.js';
import { loadMarks } from './load-marks.js';
import { oldRows } from './old-rows.js';
import { readings } from './readings.js';
import { seriesRecords } from './series-records.js';
import { openSqliteDatabase } from './sqlite-database.js';
import type { Store } from './store.js';
import { weatherEnsembles } from './weather-ensembles.js';
import { weatherRuns } from './weather-runs.js';

export interface SqliteOptions {
  /** the database file; its folder is made where missing */
  readonly file: string;
  /** default: the `migrations/` of this package */
  readonly migrationsFolder?: URL | string;
}

/**
 * The store on one SQLite file, its tables brought up to date.
 * @throws {LoadcastError} UNREADABLE_FILE if the file is no database, damaged, or written by a newer loadcast
 */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  const database = await openSqliteDatabase(options.file, options.migrationsFolder);
  return {
    ...seriesRecords(database),
    ...readings(database),
    ...loadMarks(database),
    ...weatherRuns(database),
    ...weatherEnsembles(database),
    ...calendarEntries(database),
    ...forecasts(database),
    ...evaluations(database),
    ...bundles(database),
    ...imports(database),
    ...jobRuns(database),
    ...oldRows(database),
    close: () => database.close(),
  };
}
