import type * as Plot from '@observablehq/plot';
import { hourMs } from '../../core/time.js';
import { dayLabel, localDays, shortDayLabel } from '../local-labels.js';

/** Where local days begin and how they are named under a chart: right on 23- and 25-hour days too. */
export interface TimeAxis {
  readonly scale: Plot.ScaleOptions;
  /** local midnights inside the chart, UTC ms */
  readonly midnights: readonly number[];
}

/** @param names `long` writes `Mon 29 Dec`, `short` writes `Mon 29` */
export function timeAxis(
  startMs: number,
  endMs: number,
  zone: string,
  names: 'long' | 'short',
): TimeAxis {
  const days = localDays(startMs, endMs, zone);
  const label = names === 'long' ? dayLabel : shortDayLabel;
  const named = days.filter((day) => day.endMs - day.startMs >= 12 * hourMs);
  return {
    scale: {
      type: 'linear',
      domain: [startMs, endMs],
      ticks: named.map((day) => (day.startMs + day.endMs) / 2),
      tickFormat: (tick: number) => label(tick, zone),
      tickSize: 0,
      label: null,
    },
    midnights: days.slice(1).map((day) => day.startMs),
  };
}
