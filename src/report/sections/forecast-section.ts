import type { Forecast } from '../../core/forecast.js';
import { endMs, valueAt } from '../../core/hourly.js';
import { hourMs } from '../../core/time.js';
import { figure, legend, wideAndNarrow, type LegendEntry } from '../charts/draw-chart.js';
import { bands, hasEvents, hourPoints, loadChart, temperatureChart } from '../charts/load-chart.js';
import { markup, type Markup, type MarkupValue } from '../markup.js';
import { formatNumber } from '../numbers.js';
import type { ReportView } from '../report-view.js';
import { folded, table } from '../table.js';
import { temperatureNames } from './headline.js';

const wide = { width: 1040, height: 380, narrow: false };
const narrow = { width: 360, height: 300, narrow: true };

export function forecastSection(view: ReportView): MarkupValue {
  const { forecast } = view.content;
  if (!forecast) return null;
  return markup`<section aria-labelledby="forecast"><h2 id="forecast">Forecast</h2>
${figure({
  id: 'figure-load',
  title: 'Load: actuals, then the forecast',
  note: markup`mean MW of each hour, local time ${view.zone}; lines mark local midnights. Point at an hour of the forecast for its numbers.`,
  legend: legend(loadLegend(view)),
  drawing: wideAndNarrow(loadChart(view, forecast, wide), loadChart(view, forecast, narrow)),
  numbers: markup`${forecastTable(view, forecast)}${folded('Actuals of the week before', recentTable(view))}`,
})}
${temperatureFigure(view, forecast)}</section>`;
}

function temperatureFigure(view: ReportView, forecast: Forecast): MarkupValue {
  const known =
    forecast.values.some((value) => value.temperatureC !== null) ||
    view.content.recentTemperature.values.some(Number.isFinite);
  if (!known) return markup`<p class="muted">No temperature is known for this series.</p>`;
  return figure({
    id: 'figure-temperature',
    title: 'Temperature',
    note: markup`°C, same hours; dotted after the issue time (${temperatureNames[forecast.temperatureSource]})`,
    drawing: wideAndNarrow(
      temperatureChart(view, forecast, wide),
      temperatureChart(view, forecast, narrow),
    ),
    numbers: table(
      'Temperature the forecast used',
      [{ label: 'Hour' }, { label: 'Temperature (°C)', numeric: true }],
      forecast.values.map((value) => [
        view.time(value.startMs),
        formatNumber(value.temperatureC, 1),
      ]),
    ),
  });
}

function loadLegend(view: ReportView): LegendEntry[] {
  const known = view.content.actualAfterIssue?.values.some(Number.isFinite) ?? false;
  return [
    { label: 'actual', colour: 'var(--actual)', shape: 'line' },
    ...(known
      ? [
          {
            label: 'actual, after the issue time',
            colour: 'var(--actual)',
            shape: 'dashed',
          } as const,
        ]
      : []),
    { label: 'forecast', colour: 'var(--forecast)', shape: 'line' },
    ...(hasEvents(view.content.forecast)
      ? [
          {
            label: 'forecast without known events',
            colour: 'var(--forecast)',
            shape: 'dashed',
          } as const,
        ]
      : []),
    ...bands.toReversed().map((band, index) => ({
      label: band.label,
      colour: 'var(--forecast)',
      shape: 'area' as const,
      opacity: [0.5, 0.28, 0.14][index] ?? 0.14,
    })),
  ];
}

function forecastTable(view: ReportView, forecast: Forecast): Markup {
  const actual = view.content.actualAfterIssue;
  const events = hasEvents(forecast);
  const members = forecast.members.filter((member) => member.leftOut === null);
  return table(
    'Forecast by hour, MW',
    [
      { label: 'Hour' },
      { label: 'Forecast', numeric: true },
      ...(events ? [{ label: 'Known events', numeric: true }] : []),
      { label: '10 %', numeric: true },
      { label: '90 %', numeric: true },
      ...(actual ? [{ label: 'Actual', numeric: true }] : []),
      ...members.map((member) => ({ label: member.name, numeric: true })),
      { label: 'Quality' },
    ],
    forecast.values.map((value) => [
      view.time(value.startMs),
      view.mw(value.pointMw),
      ...(events ? [view.signedMw(value.eventMw ?? 0)] : []),
      view.mw(value.quantilesMw[1]),
      view.mw(value.quantilesMw[5]),
      ...(actual ? [view.mw(valueAt(actual, value.startMs))] : []),
      ...members.map((member) => view.mw(value.memberMw[member.name])),
      value.quality,
    ]),
  );
}

function recentTable(view: ReportView): Markup {
  const { recentLoad, recentTemperature } = view.content;
  if (endMs(recentLoad) === recentLoad.startMs) return markup`<p>None.</p>`;
  return table(
    'Actual load and temperature by hour',
    [
      { label: 'Hour' },
      { label: 'Load (MW)', numeric: true },
      { label: 'Temperature (°C)', numeric: true },
    ],
    hourPoints(recentLoad).map(({ atMs, value }) => {
      const startMs = atMs - hourMs / 2;
      return [
        view.time(startMs),
        view.mw(value),
        formatNumber(valueAt(recentTemperature, startMs), 1),
      ];
    }),
  );
}
