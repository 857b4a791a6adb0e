import type { Forecast, ForecastValue } from './forecast.js';

/** The values of a forecast at the resolution it is of: hours, or what `withinHours` makes of them. */
export function intervalsOf({
  values,
  withinHours,
}: Pick<Forecast, 'values' | 'withinHours'>): readonly ForecastValue[] {
  if (!withinHours) return values;
  const { minutes, deviationMw, widening } = withinHours;
  const parts = 60 / minutes;
  return values.flatMap((hour, h) =>
    Array.from({ length: parts }, (_, part): ForecastValue => {
      const deviation = deviationMw[h * parts + part]!;
      return {
        ...hour,
        startMs: hour.startMs + part * minutes * 60_000,
        leadHours: hour.leadHours + part / parts,
        pointMw: hour.pointMw + deviation,
        quantilesMw: hour.quantilesMw.map(
          (quantile) => hour.pointMw + deviation + widening[h]! * (quantile - hour.pointMw),
        ),
        memberMw: Object.fromEntries(
          Object.entries(hour.memberMw).map(([name, mw]) => [
            name,
            mw === null ? null : mw + deviation,
          ]),
        ),
      };
    }),
  );
}
