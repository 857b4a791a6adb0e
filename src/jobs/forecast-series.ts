import { LoadcastError } from '../core/errors.js';
import type { Forecast } from '../core/forecast.js';
import type { History } from '../core/history.js';
import { dayMs, hourMs, isoUtc } from '../core/time.js';
import { eventsOf, undisturbedHistory } from '../features/events.js';
import { actualWeather } from '../forecast/weather.js';
import type { Series } from '../store/store.js';
import type { JobControl, JobServices } from './job-services.js';
import { withNativeLoad } from './native-history.js';
import { readChampion, type Champion } from './read-champion.js';
import {
  lastKnownEnd,
  liveIssueTime,
  placeWithCalendar,
  replayOrigins,
  seriesHistory,
  storedWeather,
} from './series-history.js';
import { storedScenarios } from './weather-scenarios.js';
import { runInThread } from './thread/job-thread.js';
import type { IssueRequest, IssueTask } from './thread/tasks.js';

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
  const { history, latestMs } = await issueHistory(services, series, nowMs, issuedAtMs);
  const atMs = issuedAtMs ?? latestMs;
  // One from the future would stay the series' latest forecast for as long.
  if (atMs > latestMs)
    throw new LoadcastError(
      'INVALID_INPUT',
      `Issue time ${isoUtc(atMs)} is too late: the latest for "${series.name}" is ${isoUtc(latestMs)}, with loads until ${isoUtc(lastKnownEnd(history.load))}.`,
    );
  const weather = await storedWeather(services, series, atMs);
  const [forecast] = await issueAndStore(services, series, control, {
    history,
    requests: [
      {
        issuedAtMs: atMs,
        horizonTemperature: weather.temperature,
        temperatureSource: weather.source,
        scenarios: await storedScenarios(services, series, atMs),
      },
    ],
  });
  if (!forecast) throw new Error('The job thread gave no forecast.');
  return forecast;
}

/**
 * What a forecast of a live series is made of. The calendar is that of now for the latest issue time, and for an earlier
 * one as it had been entered by the end of that hour.
 * @param issuedAtMs absent: the latest
 * @param knownAtMs only what had arrived then; absent = all
 */
export async function issueHistory(
  services: JobServices,
  series: Series,
  nowMs: number,
  issuedAtMs?: number,
  knownAtMs?: number,
): Promise<{ readonly history: History; readonly latestMs: number }> {
  const hourly = await seriesHistory(services, series, { calendarAsOfMs: nowMs, knownAtMs });
  const history = await withNativeLoad(services, series, hourly, knownAtMs);
  const latestMs = liveIssueTime(history.load, nowMs);
  if (issuedAtMs === undefined || issuedAtMs >= latestMs) return { history, latestMs };
  const asOfMs = Math.min(nowMs, issuedAtMs + hourMs);
  const place = await placeWithCalendar(services.store, series, asOfMs);
  return { history: { ...history, place }, latestMs };
}

/** Issues and stores the forecasts of the last local midnights of a replay series, with its actual temperature. */
export async function replaySeries(
  services: JobServices,
  series: Series,
  control: JobControl = {},
  lastOnly = false,
): Promise<readonly Forecast[]> {
  const hourly = await seriesHistory(services, series);
  const everything = await withNativeLoad(services, series, hourly);
  const weather = actualWeather(everything.temperature, services.horizonHours);
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

/** What forecasts are made of: a history, and when. */
export interface IssueWork {
  readonly history: History;
  readonly requests: readonly IssueRequest[];
}

async function issueAndStore(
  services: JobServices,
  series: Series,
  control: JobControl,
  work: IssueWork,
): Promise<readonly Forecast[]> {
  const forecasts = await issue(series, control, work, {
    kind: series.kind === 'replay' ? 'replay' : 'issued',
    models: await readChampion(services, series),
    createdAtMs: services.nowMs(),
    earlier: await storedForecasts(services, series, firstIssue(work)),
  });
  for (const forecast of forecasts) await services.store.saveForecast(forecast);
  return forecasts;
}

/** What a forecast is made with beside its inputs. */
export interface IssueContext {
  readonly kind: Forecast['kind'];
  readonly models: Pick<Champion, 'bundle' | 'reason'>;
  readonly createdAtMs: number;
  readonly earlier: readonly Forecast[];
}

export function issue(
  series: Series,
  control: JobControl,
  work: IssueWork,
  context: IssueContext,
): Promise<readonly Forecast[]> {
  return runInThread(issueTask(series, work, context), control);
}

export function issueTask(
  series: Series,
  { history, requests }: IssueWork,
  { kind, models, createdAtMs, earlier }: IssueContext,
): IssueTask {
  return {
    kind: 'issue',
    seriesId: series.id,
    forecastKind: kind,
    everything: undisturbedHistory(history),
    events: eventsOf(history.place),
    bundle: models.bundle,
    withoutBundle: models.reason,
    loadDelayHours: series.reportingDelayHours,
    createdAtMs,
    requests,
    earlier,
  };
}

function firstIssue({ history, requests }: IssueWork): number {
  return requests[0]?.issuedAtMs ?? lastKnownEnd(history.load);
}

/** The forecasts before one, which teach weights and quantiles. */
export function storedForecasts(
  services: JobServices,
  series: Series,
  untilMs: number,
  createdBeforeMs?: number,
): Promise<Forecast[]> {
  return services.store.listForecasts(
    series.id,
    { startMs: untilMs - recordDays * dayMs, endMs: untilMs },
    createdBeforeMs,
  );
}
