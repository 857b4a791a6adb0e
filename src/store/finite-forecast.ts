import { LoadcastError } from '../core/errors.js';
import type { Forecast } from '../core/forecast.js';
import { isoUtc } from '../core/time.js';

/** @throws {LoadcastError} INVALID_INPUT naming the first value that is not finite: no NaN is ever stored */
export function assertFiniteForecast(forecast: Forecast): void {
  for (const member of forecast.members) {
    for (const weight of member.weightsByLeadDay)
      assertFinite(forecast, `weight of member "${member.name}"`, weight);
  }
  for (const value of forecast.weatherSpread ?? [])
    assertFinite(forecast, 'spread of the weather', value);
  const { withinHours } = forecast;
  for (const value of [...(withinHours?.deviationMw ?? []), ...(withinHours?.widening ?? [])])
    assertFinite(forecast, 'course within the hours', value);
  for (const value of forecast.values) {
    const at = isoUtc(value.startMs);
    assertFinite(forecast, `point of ${at}`, value.pointMw);
    for (const quantile of value.quantilesMw) assertFinite(forecast, `quantile of ${at}`, quantile);
    for (const [name, memberMw] of Object.entries(value.memberMw))
      if (memberMw !== null) assertFinite(forecast, `member "${name}" of ${at}`, memberMw);
    for (const [name, weight] of Object.entries(value.memberWeight))
      assertFinite(forecast, `weight of "${name}" of ${at}`, weight);
    if (value.eventMw !== undefined)
      assertFinite(forecast, `effect of events of ${at}`, value.eventMw);
    if (value.temperatureC !== null)
      assertFinite(forecast, `temperature of ${at}`, value.temperatureC);
  }
}

function assertFinite(forecast: Forecast, what: string, value: number): void {
  if (!Number.isFinite(value))
    throw new LoadcastError(
      'INVALID_INPUT',
      `Forecast "${forecast.id}": ${what} is ${value}; a forecast must be finite.`,
    );
}
