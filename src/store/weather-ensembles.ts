import { hourMs } from '../core/time.js';
import type { Database } from './database.js';
import { requireSeries } from './series-records.js';
import type { Store } from './store.js';

interface EnsembleRow {
  series_id: string;
  run_at_ms: number;
  available_at_ms: number;
  start_ms: number;
  members: string;
}

const newestFirst = [{ column: 'run_at_ms', order: 'desc' }];

export function weatherEnsembles(
  database: Database,
): Pick<Store, 'writeWeatherEnsemble' | 'latestWeatherEnsemble'> {
  return {
    writeWeatherEnsemble: (seriesId, { runAtMs, availableAtMs, members }) =>
      database.write(async (transaction) => {
        await requireSeries(transaction, seriesId);
        const starts = members.flatMap((member) => member.map(({ startMs }) => startMs));
        if (starts.length === 0) return false;
        const startMs = starts.reduce((a, b) => Math.min(a, b));
        const hours = (starts.reduce((a, b) => Math.max(a, b)) - startMs) / hourMs + 1;
        const courses = members.map((member) => {
          const course = Array.from({ length: hours }, (): number | null => null);
          for (const { startMs: atMs, value } of member)
            course[Math.round((atMs - startMs) / hourMs)] = Math.round(value * 100) / 100;
          return course;
        });
        const row: EnsembleRow = {
          series_id: seriesId,
          run_at_ms: runAtMs,
          available_at_ms: availableAtMs,
          start_ms: startMs,
          members: JSON.stringify(courses),
        };
        // A model runs a few times a day and is asked every hour.
        const last = await transaction<EnsembleRow>('weather_ensemble')
          .where('series_id', seriesId)
          .orderBy(newestFirst)
          .first();
        if (last?.members === row.members && last.start_ms === row.start_ms) return false;
        await transaction<EnsembleRow>('weather_ensemble')
          .insert(row)
          .onConflict(['series_id', 'run_at_ms'])
          .ignore();
        return true;
      }),

    latestWeatherEnsemble: (seriesId, sinceMs, knownAtMs = Number.MAX_SAFE_INTEGER) =>
      database.read(async (reader) => {
        const row = await reader<EnsembleRow>('weather_ensemble')
          .where('series_id', seriesId)
          .where('run_at_ms', '>=', sinceMs)
          .where('available_at_ms', '<=', knownAtMs)
          .orderBy(newestFirst)
          .first();
        if (!row) return null;
        const courses: (number | null)[][] = JSON.parse(row.members);
        return {
          runAtMs: row.run_at_ms,
          availableAtMs: row.available_at_ms,
          members: courses.map((course) =>
            course.flatMap((value, hour) =>
              value === null ? [] : [{ startMs: row.start_ms + hour * hourMs, minutes: 60, value }],
            ),
          ),
        };
      }),
  };
}
