import type { History } from '../core/history.js';
import { endMs } from '../core/hourly.js';
import { dayMs, hourMs } from '../core/time.js';
import { forecastMinutes, nativeLoad } from '../ingest/native-load.js';
import type { Series } from '../store/store.js';
import type { JobServices } from './job-services.js';

/** what the course within the hours is learned from, and the days of a replay */
const readDays = 800;

/**
 * The history with its last loads as they were measured, where forecasts are to be as fine.
 * @param knownAtMs only what had arrived then; absent = all
 */
export async function withNativeLoad(
  { store, resolution }: Pick<JobServices, 'store' | 'resolution'>,
  { id, resolutionMinutes }: Series,
  history: History,
  knownAtMs?: number,
): Promise<History> {
  if (resolution === 'hourly' || forecastMinutes(resolutionMinutes) === 60) return history;
  const untilMs = endMs(history.load);
  const fromMs = untilMs - Math.ceil((readDays * dayMs) / hourMs) * hourMs;
  const readings = await store.readLoad(id, {
    interval: { startMs: Math.max(history.load.startMs, fromMs), endMs: untilMs },
    ...(knownAtMs === undefined ? {} : { knownAtMs }),
  });
  const native = nativeLoad(readings, history.load.startMs % hourMs, resolutionMinutes);
  return native ? { ...history, native } : history;
}
