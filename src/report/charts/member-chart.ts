import * as Plot from '@observablehq/plot';
import type { Forecast } from '../../core/forecast.js';
import { hourMs } from '../../core/time.js';
import type { Markup } from '../markup.js';
import type { ReportView } from '../report-view.js';
import { drawChart } from './draw-chart.js';
import { hourPoints, middleOf } from './load-chart.js';
import { timeAxis } from './time-axis.js';

/** One member's own line over the blend, and the actuals where known. */
export function memberChart(view: ReportView, forecast: Forecast, member: string): Markup {
  const last = forecast.values.at(-1)?.startMs ?? forecast.issuedAtMs;
  const axis = timeAxis(forecast.issuedAtMs, last + hourMs, view.zone, 'long');
  const since = view.content.actualAfterIssue ? hourPoints(view.content.actualAfterIssue) : [];
  return drawChart(`Forecast of one member by hour`, {
    width: 340,
    height: 180,
    marginLeft: 52,
    marginRight: 8,
    marginTop: 26,
    x: axis.scale,
    y: {
      label: 'Load (MW)',
      labelArrow: 'none',
      grid: true,
      ticks: 4,
      nice: true,
      tickFormat: view.mw,
      domain: sharedDomain(forecast, since),
    },
    marks: [
      Plot.ruleX([...axis.midnights], { stroke: 'var(--separator)' }),
      Plot.lineY(since, {
        x: 'atMs',
        y: 'value',
        stroke: 'var(--actual)',
        strokeWidth: 1.2,
        strokeDasharray: '4 3',
      }),
      Plot.lineY(forecast.values, {
        x: middleOf,
        y: 'pointMw',
        stroke: 'var(--forecast)',
        strokeWidth: 1.2,
      }),
      Plot.lineY(forecast.values, {
        x: middleOf,
        y: (value: Forecast['values'][number]) => value.memberMw[member] ?? Number.NaN,
        stroke: view.memberColour(member),
        strokeWidth: 2.2,
      }),
    ],
  });
}

/** Every member's chart has the same scale, so that they can be compared. */
function sharedDomain(forecast: Forecast, since: readonly { value: number }[]): number[] {
  const loads = forecast.values
    .flatMap((value) => [value.pointMw, ...Object.values(value.memberMw)])
    .concat(since.map((point) => point.value))
    .filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
  return loads.length > 0 ? [Math.min(...loads), Math.max(...loads)] : [0, 1];
}
