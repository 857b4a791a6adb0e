import type { ImportSummary } from '../../core/quality-issue.js';
import type { LoadStage } from '../../core/load-stage.js';
import { countReadings, type Readings } from '../../core/reading-columns.js';
import type { LoadFile } from '../../ingest/load-file.js';
import type { Reception, Series, Store } from '../../store/store.js';
import { assertFewExtras } from './few-extras.js';

export interface ImportOptions {
  /** of the loads; absent = operational */
  readonly stage?: LoadStage | undefined;
  readonly onProgress?: (text: string) => void;
}

/**
 * Writes a load file into a series: loads, temperatures, further inputs, and the temperatures after the last load as a
 * weather run.
 * The same file again changes nothing; a corrected one adds versions; after one that was cut short the same file again
 * completes it.
 * @param atMs now; a replay, which has its own clock, takes its file as known since its intervals ended
 */
export async function importFile(
  store: Store,
  series: Series,
  file: LoadFile<Readings>,
  atMs: number,
  { stage, onProgress }: ImportOptions = {},
): Promise<ImportSummary> {
  const reception: Reception =
    series.kind === 'replay' ? { kind: 'assumed' } : { kind: 'assumed', writtenAtMs: atMs };
  await assertFewExtras(store, series.id, file.extras);
  const counts = await store.writeLoad(series.id, file.load, { ...reception, stage }, (written) =>
    onProgress?.(`${written} of ${countReadings(file.load)} loads stored`),
  );
  await store.writeTemperature(series.id, file.temperature, reception, (written) =>
    onProgress?.(`${written} of ${countReadings(file.temperature)} temperatures stored`),
  );
  for (const { name, readings } of file.extras)
    await store.writeExtra(series.id, name, readings, reception, (written) =>
      onProgress?.(`${written} of ${countReadings(readings)} values of "${name}" stored`),
    );
  if (file.futureTemperature.length > 0)
    await store.writeWeatherRun(series.id, {
      source: 'file',
      runAtMs: file.endMs,
      availableAtMs: series.kind === 'replay' ? file.endMs : atMs,
      readings: file.futureTemperature,
    });
  const summary: ImportSummary = {
    source: file.source,
    rows: file.rows,
    rejected: file.rejected,
    ...counts,
    firstMs: file.firstMs,
    endMs: file.endMs,
    issues: file.issues,
  };
  if (await holdsNewestLoad(store, series, file))
    await store.saveSeries({ ...series, resolutionMinutes: file.resolutionMinutes });
  await store.saveImport(series.id, atMs, summary);
  return summary;
}

/** The newest load tells the resolution that a series goes on with. */
async function holdsNewestLoad(
  store: Store,
  series: Series,
  file: LoadFile<Readings>,
): Promise<boolean> {
  if (file.resolutionMinutes === series.resolutionMinutes) return false;
  const span = await store.loadSpan(series.id);
  return span === null || span.lastMs < file.endMs;
}
