import { fileURLToPath } from 'node:url';
import { readLoadFile } from '../../ingest/load-file.js';
import type { JobServices } from '../job-services.js';
import { importFile } from './import-file.js';

const exampleId = 'victoria-2014';
const exampleFile = new URL('../../../data/victoria_2014_half_hourly.csv', import.meta.url);

/**
 * Imports the project's own data set as a replay series, where there is no series yet: half-hourly demand of Victoria
 * and temperature of Melbourne in 2014 (data/SOURCES.md).
 */
export async function importExample(services: JobServices): Promise<void> {
  const { store } = services;
  const known = await store.listSeries();
  // An import that was cut off left the series without its data: it is made good.
  const unfinished =
    known.every(({ id }) => id === exampleId) &&
    (await store.listImports(exampleId, 1)).length === 0;
  if (!unfinished) return;
  const file = await readLoadFile(fileURLToPath(exampleFile));
  const series = {
    id: exampleId,
    name: 'Victoria 2014 (example)',
    place: { zone: 'Australia/Melbourne', holidayRegion: 'AU-VIC' },
    resolutionMinutes: file.resolutionMinutes,
    latitude: null,
    longitude: null,
    kind: 'replay',
    loadKind: null,
    sourceUnit: 'MW',
    reportingDelayHours: 0,
    createdAtMs: services.nowMs(),
  } as const;
  await store.saveSeries(series);
  await importFile(store, series, file, services.nowMs());
}
