import * as Plot from '@observablehq/plot';
import type { Forecast } from '../../core/forecast.js';
import type { HourlySeries } from '../../core/hourly.js';
import { dayMs, hourMs, startOfLocalDay } from '../../core/time.js';
import type { Markup } from '../markup.js';
import type { ReportView } from '../report-view.js';
import { drawChart } from './draw-chart.js';
import { timeAxis, type TimeAxis } from './time-axis.js';

export interface ChartSize {
  readonly width: number;
  readonly height: number;
  readonly narrow: boolean;
}

/** Quantile positions (in `quantileLevels`) of the bands, widest first, with the opacity each adds. */
export const bands = [
  { label: '90 % band', low: 0, high: 6, opacity: 0.13 },
  { label: '80 % band', low: 1, high: 5, opacity: 0.17 },
  { label: '50 % band', low: 2, high: 4, opacity: 0.25 },
] as const;

/** Actuals of the days before, the forecast with its bands, and what came since where it is known. */
export function loadChart(view: ReportView, forecast: Forecast, size: ChartSize): Markup {
  const { axis, fromMs } = forecastAxis(view, forecast, size);
  const past = hourPoints(view.content.recentLoad, fromMs);
  const since = view.content.actualAfterIssue ? hourPoints(view.content.actualAfterIssue) : [];
  const values = forecast.values;
  return drawChart('Load and forecast by hour', {
    ...frame(size, size.height),
    x: axis.scale,
    y: {
      label: 'Load (MW)',
      labelArrow: 'none',
      grid: true,
      ticks: 6,
      nice: true,
      tickFormat: view.mw,
    },
    marks: [
      ...separators(axis, forecast.issuedAtMs, true),
      ...bands.map((band) =>
        Plot.areaY(values, {
          x: middleOf,
          y1: (value: Forecast['values'][number]) => value.quantilesMw[band.low],
          y2: (value: Forecast['values'][number]) => value.quantilesMw[band.high],
          fill: 'var(--forecast)',
          fillOpacity: band.opacity,
        }),
      ),
      Plot.lineY(past, { x: 'atMs', y: 'value', stroke: 'var(--actual)', strokeWidth: 1.6 }),
      withoutEvents(forecast),
      Plot.lineY(values, {
        x: middleOf,
        y: 'pointMw',
        stroke: 'var(--forecast)',
        strokeWidth: 2.2,
      }),
      Plot.lineY(since, {
        x: 'atMs',
        y: 'value',
        stroke: 'var(--actual)',
        strokeWidth: 1.6,
        strokeDasharray: '4 3',
      }),
      hoverHours(view, forecast),
    ],
  });
}

/** Whether known events change any of its hours. */
export function hasEvents(forecast: Forecast | null): boolean {
  return forecast?.values.some((value) => value.eventMw !== undefined) ?? false;
}

/** What the forecast would be but for the events that are known, where there are any. */
function withoutEvents(forecast: Forecast): Plot.Markish {
  if (!hasEvents(forecast)) return null;
  return Plot.lineY(forecast.values, {
    x: middleOf,
    y: (value: Forecast['values'][number]) => value.pointMw - (value.eventMw ?? 0),
    stroke: 'var(--forecast)',
    strokeWidth: 1.2,
    strokeDasharray: '4 3',
  });
}

/** Temperature of the same hours under the load: what was measured, then what the forecast used. */
export function temperatureChart(view: ReportView, forecast: Forecast, size: ChartSize): Markup {
  const { axis, fromMs } = forecastAxis(view, forecast, size);
  return drawChart('Temperature by hour', {
    ...frame(size, 150),
    x: axis.scale,
    y: { label: 'Temperature (°C)', labelArrow: 'none', grid: true, ticks: 4, nice: true },
    marks: [
      ...separators(axis, forecast.issuedAtMs, false),
      Plot.lineY(hourPoints(view.content.recentTemperature, fromMs), {
        x: 'atMs',
        y: 'value',
        stroke: 'var(--temperature)',
        strokeWidth: 1.6,
      }),
      Plot.lineY(forecast.values, {
        x: middleOf,
        y: (value: Forecast['values'][number]) => value.temperatureC ?? Number.NaN,
        stroke: 'var(--temperature)',
        strokeWidth: 1.6,
        strokeDasharray: '2 3',
      }),
    ],
  });
}

/** A chart of more days than this cannot be read. */
const longestPastMs = 14 * dayMs;

export interface HourPoint {
  /** middle of the hour: the value is its mean */
  readonly atMs: number;
  readonly value: number;
}

export function hourPoints(series: HourlySeries, fromMs = series.startMs): HourPoint[] {
  return Array.from(series.values, (value, hour) => ({
    atMs: series.startMs + hour * hourMs + hourMs / 2,
    value,
  })).filter((point) => point.atMs > fromMs);
}

/** The value of an hour is drawn at its middle, being its mean. */
export function middleOf(hour: { readonly startMs: number }): number {
  return hour.startMs + hourMs / 2;
}

/** A phone shows the last two days before the issue time, a page all that is given. */
function forecastAxis(
  view: ReportView,
  forecast: Forecast,
  size: ChartSize,
): { axis: TimeAxis; fromMs: number } {
  const { recentLoad } = view.content;
  const first =
    recentLoad.values.length === 0
      ? forecast.issuedAtMs
      : clamp(recentLoad.startMs, forecast.issuedAtMs - longestPastMs, forecast.issuedAtMs);
  const fromMs = size.narrow
    ? Math.max(first, startOfLocalDay(forecast.issuedAtMs - 2 * dayMs, view.zone))
    : first;
  const last = forecast.values.at(-1)?.startMs ?? forecast.issuedAtMs;
  const toMs = last + hourMs;
  return { axis: timeAxis(fromMs, toMs, view.zone, size.narrow ? 'short' : 'long'), fromMs };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

export function frame(size: ChartSize, height: number): Plot.PlotOptions {
  return { width: size.width, height, marginLeft: 52, marginRight: 8, marginTop: 26 };
}

function separators(axis: TimeAxis, issuedAtMs: number, named: boolean): Plot.Markish[] {
  const issue = [issuedAtMs];
  return [
    Plot.ruleX([...axis.midnights], { stroke: 'var(--separator)' }),
    Plot.ruleX(issue, { stroke: 'var(--muted)', strokeDasharray: '3 3' }),
    named
      ? Plot.text(issue, {
          x: (instant: number) => instant,
          text: () => 'issued',
          frameAnchor: 'top',
          textAnchor: 'start',
          dx: 4,
          dy: -14,
          fill: 'var(--muted)',
        })
      : null,
  ];
}

/** Invisible columns whose native tooltip tells the numbers of the hour: no script needed. */
function hoverHours(view: ReportView, forecast: Forecast): Plot.Markish {
  return Plot.rect(forecast.values, {
    x1: 'startMs',
    x2: (value: { startMs: number }) => value.startMs + hourMs,
    fill: 'transparent',
    title: (value: Forecast['values'][number]) =>
      `${view.time(value.startMs)}: ${view.mwUnit(value.pointMw)}` +
      ` (80 % band ${view.mw(value.quantilesMw[1])} to ${view.mw(value.quantilesMw[5])})`,
  });
}
