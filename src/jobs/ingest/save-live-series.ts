import { isDeepStrictEqual } from 'node:util';
import { LoadcastError } from '../../core/errors.js';
import { seriesIdOf } from '../../core/series-id.js';
import type { LiveSeries } from '../../ingest/live-series.js';
import type { Series, Store } from '../../store/store.js';

/**
 * Makes the series that the configuration names, or brings a stored one in line with it.
 * @returns the configured series by id
 * @throws {LoadcastError} INVALID_CONFIG if a stored replay bears the name of one
 */
export async function saveLiveSeries(
  store: Store,
  configured: readonly LiveSeries[],
  nowMs: number,
): Promise<Map<string, LiveSeries>> {
  const byId = new Map(configured.map((live) => [seriesIdOf(live.name), live]));
  for (const [id, live] of byId) {
    const known = await store.findSeries(id);
    if (known?.kind === 'replay')
      throw new LoadcastError(
        'INVALID_CONFIG',
        `The series "${live.name}" of the configuration bears the name of a stored replay, "${known.name}"; give it another one.`,
      );
    const series: Series = {
      id,
      name: live.name,
      place: { zone: live.zone, holidayRegion: live.holidays },
      // until the first loads tell
      resolutionMinutes: known?.resolutionMinutes ?? 60,
      latitude: known?.latitude ?? null,
      longitude: known?.longitude ?? null,
      kind: 'live',
      loadKind: live.loadKind,
      sourceUnit: 'MW',
      reportingDelayHours: live.reportingDelayHours,
      createdAtMs: known?.createdAtMs ?? nowMs,
    };
    if (!isDeepStrictEqual(series, known)) await store.saveSeries(series);
  }
  return byId;
}
