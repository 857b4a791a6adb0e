import { LoadcastError } from '../core/errors.js';
import type { Forecast } from '../core/forecast.js';
import { dayMs, hourMs, isoUtc } from '../core/time.js';
import { eventsOf, undisturbedHistory } from '../features/events.js';
import { actualWeather } from '../forecast/weather.js';
import type { Series } from '../store/store.js';
import type { JobControl, JobServices } from './job-services.js';
import { readChampion } from './read-champion.js';
import {
  lastKnownEnd,
  liveIssueTime,
  replayOrigins,
  seriesHistory,
  storedWeather,
} from './series-history.js';
import { runInThread } from './thread/job-thread.js';
import type { IssueRequest } from './thread/tasks.js';

/** issued forecasts this far back teach weights and quantiles */
const recordDays = 200;

/**
 * Issues and stores the forecast of a live series.
 * @param issuedAtMs absent: this hour, or the end of the loads where they are old; none later than that
 * @throws {LoadcastError} INVALID_INPUT if it is later
 */
export async function forecastSeries(
  services: JobServices,
  series: Series,
  control: JobControl = {},
  issuedAtMs?: number,
): Promise<Forecast> {
  const nowMs = services.nowMs();
  const everything = await seriesHistory(services, series, {
    // An issue time of the past knows what had been entered by the end of its hour.
    calendarAsOfMs: issuedAtMs === undefined ? nowMs : Math.min(nowMs, issuedAtMs + hourMs),
  });
  const latestMs = liveIssueTime(everything.load, nowMs);
  const atMs = issuedAtMs ?? latestMs;
  // One from the future would stay the series' latest forecast for as long.
  if (atMs > latestMs)
    throw new LoadcastError(
      'INVALID_INPUT',
      `Issue time ${isoUtc(atMs)} is too late: the latest for "${series.name}" is ${isoUtc(latestMs)}, with loads until ${isoUtc(lastKnownEnd(everything.load))}.`,
    );
  const weather = await storedWeather(services.store, series, atMs);
  const [forecast] = await issueAndStore(services, series, control, {
    history: everything,
    requests: [
      {
        issuedAtMs: atMs,
        horizonTemperature: weather.temperature,
        temperatureSource: weather.source,
      },
    ],
  });
  if (!forecast) throw new Error('The job thread gave no forecast.');
  return forecast;
}

/** Issues and stores the forecasts of the last local midnights of a replay series, with its actual temperature. */
export async function replaySeries(
  services: JobServices,
  series: Series,
  control: JobControl = {},
  lastOnly = false,
): Promise<readonly Forecast[]> {
  const everything = await seriesHistory(services, series);
  const weather = actualWeather(everything.temperature);
  const origins = replayOrigins(everything).slice(lastOnly ? -1 : 0);
  return issueAndStore(services, series, control, {
    history: everything,
    requests: origins.map((issuedAtMs) => ({
      issuedAtMs,
      horizonTemperature: weather(issuedAtMs),
      temperatureSource: 'actual',
    })),
  });
}

/** Whether the replay of the present models is stored whole. */
export async function replayIsComplete(services: JobServices, series: Series): Promise<boolean> {
  const champion = await services.store.championBundle(series.id);
  const origins = replayOrigins(await seriesHistory(services, series));
  const [startMs, lastMs] = [origins[0] ?? 0, origins.at(-1) ?? 0];
  const stored = await services.store.listForecasts(series.id, { startMs, endMs: lastMs + 1 });
  return origins.every((issuedAtMs) =>
    stored.some(
      (forecast) => forecast.issuedAtMs === issuedAtMs && forecast.bundleId === champion?.id,
    ),
  );
}

async function issueAndStore(
  services: JobServices,
  series: Series,
  control: JobControl,
  work: {
    history: Awaited<ReturnType<typeof seriesHistory>>;
    requests: readonly IssueRequest[];
  },
): Promise<readonly Forecast[]> {
  const first = work.requests[0]?.issuedAtMs ?? lastKnownEnd(work.history.load);
  const champion = await readChampion(services, series);
  const forecasts = await runInThread(
    {
      kind: 'issue',
      seriesId: series.id,
      forecastKind: series.kind === 'replay' ? 'replay' : 'issued',
      everything: undisturbedHistory(work.history),
      events: eventsOf(work.history.place),
      bundle: champion.bundle,
      withoutBundle: champion.reason,
      loadDelayHours: series.reportingDelayHours,
      createdAtMs: services.nowMs(),
      requests: work.requests,
      earlier: await storedForecasts(services, series, first),
    },
    control,
  );
  for (const forecast of forecasts) await services.store.saveForecast(forecast);
  return forecasts;
}

function storedForecasts(
  services: JobServices,
  series: Series,
  untilMs: number,
): Promise<Forecast[]> {
  return services.store.listForecasts(series.id, {
    startMs: untilMs - recordDays * dayMs,
    endMs: untilMs,
  });
}
