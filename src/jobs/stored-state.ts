import { LoadcastError } from '../core/errors.js';
import type { Forecast } from '../core/forecast.js';
import { actualWeather } from '../forecast/weather.js';
import type { Series } from '../store/store.js';
import { readBundle } from './bundle-files.js';
import {
  issueHistory,
  storedForecasts,
  type IssueContext,
  type IssueWork,
} from './forecast-series.js';
import type { JobServices } from './job-services.js';
import { withNativeLoad } from './native-history.js';
import { seriesHistory, storedWeather } from './series-history.js';
import { storedScenarios } from './weather-scenarios.js';

/**
 * What a stored forecast was made of: models, and what had arrived when it was made: loads, temperatures and other inputs
 * in their versions of then, weather forecasts, marks, the calendar, the forecasts before it. History without an arrival
 * time counts as known after its usual delay. A replay, whose clock is its own, knows what is stored now.
 * @throws {LoadcastError} NOT_FOUND if its models are gone, DAMAGED_MODEL
 */
export async function storedState(
  present: JobServices,
  series: Series,
  forecast: Forecast,
): Promise<{ readonly work: IssueWork; readonly context: IssueContext }> {
  const { issuedAtMs, createdAtMs, kind } = forecast;
  const services: JobServices = {
    ...present,
    horizonHours: forecast.values.length,
    resolution: forecast.withinHours ? 'native' : 'hourly',
  };
  const context = { kind, models: await modelsOf(services, forecast), createdAtMs };
  if (kind === 'replay') {
    const hourly = await seriesHistory(services, series);
    const history = await withNativeLoad(services, series, hourly);
    const request = {
      issuedAtMs,
      horizonTemperature: actualWeather(history.temperature, services.horizonHours)(issuedAtMs),
      temperatureSource: 'actual' as const,
    };
    return {
      work: { history, requests: [request] },
      context: { ...context, earlier: await storedForecasts(services, series, issuedAtMs) },
    };
  }
  const { history } = await issueHistory(services, series, createdAtMs, issuedAtMs, createdAtMs);
  const weather = await storedWeather(services, series, issuedAtMs, createdAtMs);
  const request = {
    issuedAtMs,
    horizonTemperature: weather.temperature,
    temperatureSource: weather.source,
    scenarios: await storedScenarios(services, series, issuedAtMs, createdAtMs),
  };
  return {
    work: { history, requests: [request] },
    context: {
      ...context,
      earlier: await storedForecasts(services, series, issuedAtMs, createdAtMs),
    },
  };
}

async function modelsOf(
  services: JobServices,
  { seriesId, bundleId }: Forecast,
): Promise<IssueContext['models']> {
  if (bundleId === null) return { bundle: null, reason: services.withoutModels };
  const record = (await services.store.listBundles(seriesId)).find(({ id }) => id === bundleId);
  if (!record)
    throw new LoadcastError('NOT_FOUND', `The models "${bundleId}" are not stored any more.`);
  return { bundle: await readBundle(services.modelFiles, record), reason: null };
}
