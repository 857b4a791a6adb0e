import type { WeatherPoint } from '../../ingest/sources/open-meteo.js';
import type { Series } from '../../store/store.js';
import type { JobServices } from '../job-services.js';

/** Open-Meteo's archive lags behind by five days or so: these are taken from the analysis of its forecast. */
export const analysedDays = 10;

/** Where the weather of a series is; empty where nobody has said. */
export function weatherPoints(
  { live }: Pick<JobServices, 'live'>,
  { id, latitude, longitude }: Series,
): readonly WeatherPoint[] {
  const configured = live.get(id);
  if (configured) return configured.weather?.points ?? [];
  return latitude === null || longitude === null ? [] : [{ latitude, longitude, weight: 1 }];
}
