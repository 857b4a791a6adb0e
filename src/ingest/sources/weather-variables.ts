import type { HourlyColumn } from './open-meteo-answer.js';

/** Hourly variables of Open-Meteo, by our names. */
export const weatherVariables = {
  temperatureC: { name: 'temperature_2m', unit: '°C', least: -100, most: 70, hour: 'starting' },
  dewPointC: { name: 'dew_point_2m', unit: '°C', least: -120, most: 50, hour: 'starting' },
  cloudCoverPercent: { name: 'cloud_cover', unit: '%', least: 0, most: 100, hour: 'starting' },
  windSpeedMPerS: { name: 'wind_speed_10m', unit: 'm/s', least: 0, most: 150, hour: 'starting' },
  // Documented as "preceding hour mean".
  shortwaveWPerM2: {
    name: 'shortwave_radiation',
    unit: 'W/m²',
    least: 0,
    most: 2_000,
    hour: 'ending',
  },
} as const satisfies Readonly<Record<string, HourlyColumn>>;

export type WeatherVariable = keyof typeof weatherVariables;

/** Those that are extra inputs of the models. */
export const extraVariables = [
  'dewPointC',
  'cloudCoverPercent',
  'windSpeedMPerS',
  'shortwaveWPerM2',
] as const satisfies readonly WeatherVariable[];
