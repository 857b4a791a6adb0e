import * as Plot from '@observablehq/plot';
import { leadKeysOf, type AccuracyByLead } from '../../core/evaluation.js';
import { dayLabel } from '../local-labels.js';
import type { Markup } from '../markup.js';
import { formatPct } from '../numbers.js';
import type { PastForecast } from '../report-content.js';
import { drawChart } from './draw-chart.js';

export interface AccuracyLine {
  readonly name: string;
  readonly colour: string;
  readonly dashed: boolean;
  readonly accuracy: AccuracyByLead;
}

/** The charts stand side by side, with the same axis of errors. */
const frame: Plot.PlotOptions = {
  width: 400,
  height: 220,
  marginLeft: 44,
  marginBottom: 38,
  marginTop: 26,
  y: { label: 'MAPE (%)', labelArrow: 'none', grid: true, zero: true, nice: true, ticks: 5 },
};

/** MAPE of the blend and each member on each lead day. */
export function accuracyChart(lines: readonly AccuracyLine[]): Markup {
  const points = lines.flatMap((line) =>
    leadKeysOf(line.accuracy)
      .slice(1)
      .map((key, i) => ({ ...line, day: i + 1, mape: line.accuracy[key]?.mape ?? Number.NaN })),
  );
  return drawChart('MAPE by lead day', {
    ...frame,
    x: {
      type: 'point',
      domain: [...new Set(points.map(({ day }) => day))],
      label: 'Lead day',
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    marks: [
      Plot.ruleY([0], { stroke: 'var(--separator)' }),
      ...lines.flatMap((line) => {
        const own = points.filter((point) => point.name === line.name);
        return [
          Plot.lineY(own, {
            x: 'day',
            y: 'mape',
            stroke: line.colour,
            strokeWidth: 2,
            ...(line.dashed ? { strokeDasharray: '5 4' } : {}),
          }),
          Plot.dot(
            own.filter((point) => Number.isFinite(point.mape)),
            {
              x: 'day',
              y: 'mape',
              fill: line.colour,
              r: 3.5,
              title: (point: (typeof own)[number]) =>
                `${point.name}, lead day ${point.day}: ${formatPct(point.mape)}`,
            },
          ),
        ];
      }),
    ],
  });
}

/** One bar for each earlier forecast: its error once the load was known. */
export function pastForecastChart(past: readonly PastForecast[], zone: string): Markup {
  const labelled = Math.max(1, Math.ceil(past.length / 5));
  const issued = past.map((forecast) => forecast.issuedAtMs);
  return drawChart('MAPE by issue time', {
    ...frame,
    x: {
      type: 'band',
      domain: issued,
      ticks: issued.filter((_, index) => index % labelled === 0),
      tickFormat: (instant: number) => dayLabel(instant, zone).slice(4),
      tickSize: 0,
      label: 'Issued',
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    marks: [
      Plot.ruleY([0], { stroke: 'var(--separator)' }),
      Plot.barY(
        past.filter((forecast) => Number.isFinite(forecast.mapePct)),
        {
          x: 'issuedAtMs',
          y: 'mapePct',
          fill: 'var(--forecast)',
          fillOpacity: 0.75,
          title: (forecast: PastForecast) =>
            `${dayLabel(forecast.issuedAtMs, zone)}: ${formatPct(forecast.mapePct)}`,
        },
      ),
    ],
  });
}
