import { hourMs, localClock } from '../core/time.js';
import { mostCuts } from '../models/rows/cuts.js';
import { nextCronTimes } from '../queue/cron-times.js';

const lookAheadRuns = 8 * 24;

/**
 * Local hours at which a live series' forecasts will be issued, the commonest first: what its models are trained for.
 * @param cron of the forecast job; null: it is not scheduled, and forecasts are taken to be issued at midnight
 * @returns such as `09:00`, at most four; of more, as every hour, four spread over the day
 */
export function issueTimesOf(cron: string | null, zone: string, nowMs: number): string[] {
  const runs = cron === null ? [] : nextCronTimes(cron, zone, nowMs, lookAheadRuns);
  const week = runs.filter((runMs) => runMs < nowMs + 8 * 24 * hourMs);
  const counts = new Map<string, number>();
  for (const runMs of week.length > 0 ? week : runs.slice(0, 1)) {
    const time = `${localClock(runMs, zone).slice(11, 13)}:00`;
    counts.set(time, (counts.get(time) ?? 0) + 1);
  }
  const times = [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).map(([t]) => t);
  if (times.length === 0) return ['00:00'];
  if (times.length <= mostCuts) return times;
  const byHour = times.toSorted();
  return Array.from(
    { length: mostCuts },
    (_, i) => byHour[Math.floor((i * byHour.length) / mostCuts)]!,
  );
}
