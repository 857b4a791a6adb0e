import { dayMs } from '../core/time.js';
import type { Database } from './database.js';
import type { Store } from './store.js';

/** A fetched run reaches no further than this beyond its run time. */
const longestRunMs = 9 * dayMs;

export function oldRows(database: Database): Pick<Store, 'forgetBefore'> {
  return {
    forgetBefore: (seriesId, beforeMs) =>
      database.write(async (transaction) => {
        const jobRuns = await transaction('job_run')
          .where('started_at_ms', '<', beforeMs)
          .whereNot('state', 'running')
          .delete();
        // The hours are what the key finds; the run time makes sure that no run is left in part.
        const weatherHours = await transaction('weather_forecast')
          .where({ series_id: seriesId, source: 'open-meteo' })
          .where('start_ms', '<', beforeMs)
          .where('run_at_ms', '<', beforeMs - longestRunMs)
          .delete();
        await transaction('weather_ensemble')
          .where('series_id', seriesId)
          .where('run_at_ms', '<', beforeMs - longestRunMs)
          .delete();
        const extraVersions = await transaction('extra_observation')
          .where('series_id', seriesId)
          .where('start_ms', '<', beforeMs)
          .whereExists((newer) => {
            void newer
              .from('extra_observation as newer')
              .select(transaction.raw('1'))
              .whereRaw('newer.series_id = extra_observation.series_id')
              .whereRaw('newer.name = extra_observation.name')
              .whereRaw('newer.start_ms = extra_observation.start_ms')
              .whereRaw('newer.version > extra_observation.version');
          })
          .delete();
        return { jobRuns, weatherHours, extraVersions };
      }),
  };
}
