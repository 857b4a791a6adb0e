import * as Plot from '@observablehq/plot';
import { endMs } from '../../core/hourly.js';
import { hourMs } from '../../core/time.js';
import type { Markup } from '../markup.js';
import type { MarkedStretch } from '../report-content.js';
import type { ReportView } from '../report-view.js';
import { drawChart } from './draw-chart.js';
import { frame, hourPoints, type ChartSize, type HourPoint } from './load-chart.js';
import { timeAxis } from './time-axis.js';

/** A stretch of doubtful load with the days around it. */
export function markChart(
  view: ReportView,
  { mark, load }: MarkedStretch,
  size: ChartSize,
): Markup {
  const axis = timeAxis(load.startMs, endMs(load), view.zone, size.narrow ? 'short' : 'long');
  const doubted = new Set(mark.values.map(({ startMs }) => startMs + hourMs / 2));
  const points = hourPoints(load);
  return drawChart(`Doubtful load: ${mark.kind}`, {
    ...frame(size, size.height),
    x: axis.scale,
    y: {
      label: 'Load (MW)',
      labelArrow: 'none',
      grid: true,
      ticks: 4,
      nice: true,
      tickFormat: view.mw,
    },
    marks: [
      Plot.ruleX([...axis.midnights], { stroke: 'var(--separator)' }),
      Plot.lineY(without(points, doubted), { ...line, stroke: 'var(--actual)' }),
      Plot.dot(
        points.filter(({ atMs }) => doubted.has(atMs)),
        { x: 'atMs', y: 'value', r: 2.5, fill: 'var(--bad)' },
      ),
      Plot.lineY(
        mark.values.map(({ startMs, substituteMw }) => ({
          atMs: startMs + hourMs / 2,
          value: substituteMw ?? Number.NaN,
        })),
        { ...line, stroke: 'var(--forecast)', strokeDasharray: '4 3' },
      ),
    ],
  });
}

const line = { x: 'atMs', y: 'value', strokeWidth: 1.6 } as const;

/** The points with a hole where the load is doubted. */
function without(points: readonly HourPoint[], doubted: ReadonlySet<number>): HourPoint[] {
  return points.map((point) => (doubted.has(point.atMs) ? { ...point, value: Number.NaN } : point));
}
