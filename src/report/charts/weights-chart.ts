import * as Plot from '@observablehq/plot';
import { dayLabel } from '../local-labels.js';
import type { Markup } from '../markup.js';
import { formatNumber } from '../numbers.js';
import type { ReportView } from '../report-view.js';
import { drawChart } from './draw-chart.js';

/** One bar for each earlier forecast, its members' weights one above the other. */
export function weightsChart(view: ReportView, members: readonly string[]): Markup {
  const { pastForecasts } = view.content;
  const issued = pastForecasts.map(({ issuedAtMs }) => issuedAtMs);
  const labelled = Math.max(1, Math.ceil(issued.length / 5));
  const bars = pastForecasts.flatMap(({ issuedAtMs, weights }) =>
    members.map((member) => ({ issuedAtMs, member, weight: weights[member] ?? 0 })),
  );
  return drawChart('Blend weights by issue time', {
    width: 820,
    height: 200,
    marginLeft: 44,
    marginBottom: 38,
    marginTop: 26,
    x: {
      type: 'band',
      domain: issued,
      ticks: issued.filter((_, index) => index % labelled === 0),
      tickFormat: (instant: number) => dayLabel(instant, view.zone).slice(4),
      tickSize: 0,
      label: 'Issued',
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: { label: 'Weight', labelArrow: 'none', grid: true, domain: [0, 1], ticks: 5 },
    marks: [
      Plot.barY(bars, {
        x: 'issuedAtMs',
        y: 'weight',
        order: [...members],
        z: 'member',
        fill: (bar: (typeof bars)[number]) => view.memberColour(bar.member),
        title: (bar: (typeof bars)[number]) =>
          `${bar.member} ${formatNumber(bar.weight, 2)}, ${dayLabel(bar.issuedAtMs, view.zone)}`,
      }),
    ],
    color: { type: 'identity' },
  });
}
