import { isDeepStrictEqual } from 'node:util';
import type { Reading } from '../../../src/core/reading.js';
import type { LoadFile } from '../../../src/ingest/load-file.js';
import { importFile } from '../../../src/jobs/ingest/import-file.js';
import type { Store } from '../../../src/store/store.js';
import { aSeries } from '../../store/samples.js';

type Compared = [name: string, read: readonly Reading[], stored: readonly Reading[]];

/** Imports a file twice into a new series and says where the store differs from what was read. */
export async function storageProblems(store: Store, id: string, file: LoadFile): Promise<string[]> {
  const series = aSeries({ id, name: id });
  const atMs = file.endMs + 1;
  await store.saveSeries(series);
  const first = await importFile(store, series, file, atMs);
  const again = await importFile(store, series, file, atMs);
  const compared: Compared[] = [
    ['load', file.load, await store.readLoad(id)],
    ['temperature', file.temperature, await store.readTemperature(id)],
    ...(await Promise.all(
      file.extras.map(async ({ name, readings }): Promise<Compared> => [
        `"${name}"`,
        readings,
        await store.readExtra(id, name),
      ]),
    )),
    ['forecast', file.futureTemperature, (await store.readWeatherForecast(id)).readings],
  ];
  const checks: [boolean, string][] = [
    ...compared.map(([name, read, stored]): [boolean, string] => [
      isDeepStrictEqual(read, stored),
      `the stored ${name} differs`,
    ]),
    [first.added === file.load.length, `${first.added} added of ${file.load.length}`],
    [again.unchanged === file.load.length, `${again.unchanged} unchanged of ${file.load.length}`],
    [first.rows === file.rows && first.rejected === file.rejected, 'the summary differs'],
  ];
  return checks.filter(([holds]) => !holds).map(([, problem]) => problem);
}
