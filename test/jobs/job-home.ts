import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dayMs, hourMs } from '../../src/core/time.js';
import { defaultPolicy } from '../../src/ingest/quality-policy.js';
import type { JobServices } from '../../src/jobs/job-services.js';
import { createTrainingCheckpoints } from '../../src/jobs/training-checkpoints.js';
import { createModelFiles } from '../../src/store/model-files.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import type { Reading } from '../../src/core/reading.js';
import type { Series } from '../../src/store/store.js';
import { victoriaHistory } from '../forecast/sample-history.js';

/** First hour of the example's data, 01:00 of 1 January 2014 in Melbourne. */
export const dataStartMs = victoriaHistory().load.startMs;

/** Real store and model files in a temporary folder, on a clock of its own. */
export interface JobHome {
  readonly folder: string;
  readonly services: JobServices;
  readonly warnings: string[];
  setNow(ms: number): void;
  close(): Promise<void>;
}

/** An address that nobody listens on. */
const nobody = 'http://127.0.0.1:9';

export async function openJobHome(): Promise<JobHome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'loadcast-jobs-'));
  const store = await openSqliteStore({ file: path.join(folder, 'loadcast.sqlite') });
  const warnings: string[] = [];
  let nowMs = dataStartMs;
  return {
    folder,
    warnings,
    services: {
      store,
      modelFiles: createModelFiles(path.join(folder, 'models')),
      checkpoints: createTrainingCheckpoints(
        path.join(folder, 'models', 'checkpoints'),
        (problem) => void warnings.push(problem),
      ),
      reportsFolder: path.join(folder, 'reports'),
      sourcesFolder: path.join(folder, 'sources'),
      live: new Map(),
      providers: {
        openMeteo: {
          baseUrl: nobody,
          archiveUrl: nobody,
          previousRunsUrl: nobody,
          ensembleUrl: nobody,
          timeoutMs: 100,
          pauseMs: 0,
        },
        energyCharts: { baseUrl: nobody, timeoutMs: 100, pauseMs: 0 },
        entsoe: { baseUrl: nobody, timeoutMs: 100, pauseMs: 0 },
        eia: { baseUrl: nobody, timeoutMs: 100, pauseMs: 0 },
        sql: { timeoutMs: 5_000 },
        keys: { entsoeToken: null, eiaKey: null, sqlUrls: {} },
      },
      policyOf: () => defaultPolicy,
      withoutModels: 'models in training',
      membersOf: () => ['all'],
      warmStart: false,
      forecastCron: '15 0 * * *',
      horizonHours: 72,
      resolution: 'native',
      lstm: {},
      threads: 1,
      engine: { preference: 'wasm', folder: path.join(folder, 'tensorflow') },
      seed: 1,
      nowMs: () => nowMs,
      note: () => undefined,
      warn: (message) => void warnings.push(message),
    },
    setNow: (ms) => {
      nowMs = ms;
    },
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A series with the first days of the example, hourly, as if imported. */
export async function storeSeries(
  { services }: JobHome,
  days: number,
  changes: Partial<Series> = {},
): Promise<Series> {
  const series: Series = {
    id: 'victoria',
    name: 'Victoria',
    place: { zone: 'Australia/Melbourne', holidayRegion: 'AU-VIC' },
    resolutionMinutes: 60,
    latitude: null,
    longitude: null,
    kind: 'live',
    loadKind: null,
    sourceUnit: 'MW',
    reportingDelayHours: 0,
    createdAtMs: dataStartMs,
    ...changes,
  };
  const { store } = services;
  const { load, temperature } = victoriaHistory();
  await store.saveSeries(series);
  await store.writeLoad(series.id, readings(load.values, 0, days), { kind: 'assumed' });
  await store.writeTemperature(series.id, readings(temperature.values, 0, days), {
    kind: 'assumed',
  });
  return series;
}

/** Readings of whole days after the start of the data. */
export function readings(values: Float64Array, fromDay: number, untilDay: number): Reading[] {
  return Array.from(values.subarray(fromDay * 24, untilDay * 24), (value, hour) => ({
    startMs: dataStartMs + fromDay * dayMs + hour * hourMs,
    minutes: 60,
    value,
  }));
}
