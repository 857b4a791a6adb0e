import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** One visible set of the protocol, with its test year and the figures of the peers that were run on it. */
export interface DataSet {
  readonly key: string;
  readonly file: string;
  readonly zone: string;
  readonly holidays: string;
  readonly loadColumn: string;
  readonly year: number;
  /** all-72-h MAPE of "LightGBM, direct" in the protocol, % */
  readonly lightgbmMape: number;
}

export const dataSets: readonly DataSet[] = [
  {
    key: 'vic_elec',
    file: 'vic_elec_hourly.csv.gz',
    zone: 'Australia/Melbourne',
    holidays: 'AU-VIC',
    loadColumn: 'load_mw',
    year: 2014,
    lightgbmMape: 3.05,
  },
  {
    key: 'isone',
    file: 'isone_hourly.csv.gz',
    zone: 'America/New_York',
    holidays: 'US',
    loadColumn: 'load_mw',
    year: 2014,
    lightgbmMape: 1.96,
  },
  {
    key: 'isone2006',
    file: 'isone_hourly.csv.gz',
    zone: 'America/New_York',
    holidays: 'US',
    loadColumn: 'load_mw',
    year: 2006,
    lightgbmMape: 2.03,
  },
  {
    key: 'gefcom2012',
    file: 'gefcom2012_total_2004_2007_hourly.csv.gz',
    zone: 'America/New_York',
    holidays: 'US',
    loadColumn: 'load_kw',
    year: 2007,
    lightgbmMape: 3.92,
  },
  {
    key: 'france',
    file: 'france_2021_2023_hourly.csv.gz',
    zone: 'Europe/Paris',
    holidays: 'FR',
    loadColumn: 'load_mw',
    year: 2023,
    lightgbmMape: 2.64,
  },
];

/** Folder of the data sets: `LOADCAST_DATA`, else `../shared/data` beside the project. */
export function dataFolder(): string {
  const folder = resolve(process.env['LOADCAST_DATA'] ?? '../shared/data');
  if (existsSync(folder)) return folder;
  throw new Error(`No data sets at ${folder}; set LOADCAST_DATA to their folder.`);
}

export function dataFile(set: DataSet): string {
  return join(dataFolder(), set.file);
}
