import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { History } from '../src/core/history.js';
import { parseLoadTable } from '../src/ingest/load-table.js';
import { readCsvFile } from '../src/ingest/sources/csv-file.js';
import { historyOfFile } from '../src/jobs/backtest/read-history.js';

/** One visible set of the protocol, with its test year and the figures of the peers that were run on it. */
export interface DataSet {
  readonly key: string;
  readonly file: string;
  readonly zone: string;
  readonly holidays: string;
  readonly loadColumn: string;
  readonly year: number;
  /** figures of others on that year, midnight procedure, all 72 h; null where none was run */
  readonly peers: PeerFigures | null;
}

/** As the protocol of the project has them: run once, outside of this repository, with the temperature that came. */
export interface PeerFigures {
  /** MAPE of LightGBM, direct, 64 features, % */
  readonly lightgbmMape: number;
  /** MAPE of the better of two ensembles of a regression, an additive model, LightGBM, and LightGBM on the latter, % */
  readonly ensembleMape: number;
  /** pinball loss of that family with quantiles from past errors, % of mean load */
  readonly ensemblePinballPct: number;
  /** MAPE that the blend is to reach, % */
  readonly targetMape: number;
}

export const dataSets: readonly DataSet[] = [
  {
    key: 'vic_elec',
    file: 'vic_elec_hourly.csv.gz',
    zone: 'Australia/Melbourne',
    holidays: 'AU-VIC',
    loadColumn: 'load_mw',
    year: 2014,
    peers: {
      lightgbmMape: 3.05,
      ensembleMape: 2.27,
      ensemblePinballPct: 0.715,
      targetMape: 2.1,
    },
  },
  {
    key: 'isone',
    file: 'isone_hourly.csv.gz',
    zone: 'America/New_York',
    holidays: 'US',
    loadColumn: 'load_mw',
    year: 2014,
    peers: {
      lightgbmMape: 1.96,
      ensembleMape: 1.47,
      ensemblePinballPct: 0.468,
      targetMape: 1.39,
    },
  },
  {
    key: 'isone2006',
    file: 'isone_hourly.csv.gz',
    zone: 'America/New_York',
    holidays: 'US',
    loadColumn: 'load_mw',
    year: 2006,
    peers: {
      lightgbmMape: 2.03,
      ensembleMape: 1.4,
      ensemblePinballPct: 0.461,
      targetMape: 1.33,
    },
  },
  {
    key: 'gefcom2012',
    file: 'gefcom2012_total_2004_2007_hourly.csv.gz',
    zone: 'America/New_York',
    holidays: 'US',
    loadColumn: 'load_kw',
    year: 2007,
    peers: {
      lightgbmMape: 3.92,
      ensembleMape: 3.2,
      ensemblePinballPct: 0.954,
      targetMape: 3.04,
    },
  },
  {
    key: 'france',
    file: 'france_2021_2023_hourly.csv.gz',
    zone: 'Europe/Paris',
    holidays: 'FR',
    loadColumn: 'load_mw',
    year: 2023,
    peers: {
      lightgbmMape: 2.64,
      ensembleMape: 2.07,
      ensemblePinballPct: 0.611,
      targetMape: 1.96,
    },
  },
  {
    key: 'north_macedonia',
    file: 'north_macedonia_hourly.csv.gz',
    zone: 'Europe/Skopje',
    holidays: 'MK',
    loadColumn: 'load_mw',
    year: 2018,
    peers: null,
  },
];

/** @throws Error naming the sets there are */
export function dataSetOf(key: string): DataSet {
  const set = dataSets.find((each) => each.key === key);
  if (set) return set;
  throw new Error(`No set "${key}"; there are ${dataSets.map((each) => each.key).join(', ')}.`);
}

/** Folder of the data sets: `LOADCAST_DATA`, else `../shared/data` beside the project. */
export function dataFolder(): string {
  const folder = resolve(process.env['LOADCAST_DATA'] ?? '../shared/data');
  if (existsSync(folder)) return folder;
  throw new Error(`No data sets at ${folder}; set LOADCAST_DATA to their folder.`);
}

export function dataFile(set: DataSet): string {
  return join(dataFolder(), set.file);
}

const histories = new Map<string, Promise<History>>();

/** Loads and temperatures of a set as they came, read once. */
export function readHistory(set: DataSet): Promise<History> {
  const known = histories.get(set.file + set.loadColumn);
  if (known) return known;
  const read = readCsvFile(dataFile(set)).then((csv) => {
    const table = parseLoadTable(csv, { zone: set.zone, loadColumn: set.loadColumn });
    return historyOfFile(table, { zone: set.zone, holidayRegion: set.holidays }).history;
  });
  histories.set(set.file + set.loadColumn, read);
  return read;
}
