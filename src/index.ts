/** The library's one barrel: the vocabulary of forecasts. */
export { LoadcastError } from './core/errors.js';
export type { ErrorCode } from './core/errors.js';
export type { Evaluation } from './core/evaluation.js';
export { quantileLevels } from './core/forecast.js';
export { usualHorizonHours } from './core/horizon.js';
export type { Forecast, ForecastMember, ForecastValue, Quality } from './core/forecast.js';
export { loadConfig } from './config.js';
export type { Config } from './config.js';
