import type { Forecast, ForecastValue } from './forecast.js';

/** How the load of a forecast's hours is spread over shorter intervals. */
export interface WithinHours {
  /** length of an interval: 15 or 30 */
  readonly minutes: number;
  /** interval less hour, MW, shape (hours × intervals of an hour,); the sum of each hour is 0 */
  readonly deviationMw: Float64Array;
  /** how much wider the bands of an hour's intervals are than its own, at least 1, shape (hours,) */
  readonly widening: Float64Array;
}

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
