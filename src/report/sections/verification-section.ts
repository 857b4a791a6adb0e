import {
  leadKeysOf,
  type AccuracyByLead,
  type Evaluation,
  type LeadKey,
} from '../../core/evaluation.js';
import { accuracyChart, pastForecastChart, type AccuracyLine } from '../charts/accuracy-charts.js';
import { figure, legend } from '../charts/draw-chart.js';
import { dateLabel } from '../local-labels.js';
import { markup, type Markup, type MarkupValue } from '../markup.js';
import { formatNumber, formatPct } from '../numbers.js';
import type { ReportView } from '../report-view.js';
import { table, titledTable } from '../table.js';

export const leadNames: Readonly<Record<LeadKey, string>> = {
  all: 'all hours',
  day1: 'lead day 1',
  day2: 'lead day 2',
  day3: 'lead day 3',
  day4: 'lead day 4',
  day5: 'lead day 5',
  day6: 'lead day 6',
  day7: 'lead day 7',
};

/** How earlier forecasts turned out, beside the same hour a week ago. */
export function verificationSection(view: ReportView): Markup {
  const { evaluation, pastForecasts } = view.content;
  return markup`<section aria-labelledby="verification"><h2 id="verification">Verification</h2>
${evaluation ? evaluated(view, evaluation) : markup`<p class="muted">No evaluation yet: forecasts are scored once their hours have a known load.</p>`}
${(evaluation !== null || pastForecasts.length > 0) && markup`<div class="multiples">${evaluation && leadFigure(view, evaluation)}${pastForecasts.length > 0 && pastFigure(view)}</div>`}</section>`;
}

function evaluated(view: ReportView, evaluation: Evaluation): Markup {
  const naive = evaluation.members['naive'] ?? null;
  const kind = evaluation.kind === 'replay' ? 'replayed' : 'issued';
  return markup`<p>${evaluation.forecasts} ${kind} forecasts, ${dateLabel(evaluation.firstIssuedAtMs, view.zone)} to ${dateLabel(evaluation.lastIssuedAtMs, view.zone)}. Bias is forecast − actual. The 10–90 % band should cover about 80 %.</p>
${accuracyTable(view, 'Accuracy by lead day, beside seasonal naive (same hour a week ago)', evaluation.blend, naive)}
${Object.entries(evaluation.groups).map(([name, group]) =>
  accuracyTable(view, `Only ${name}`, group.blend, group.naive),
)}`;
}

function accuracyTable(
  view: ReportView,
  caption: string,
  blend: AccuracyByLead,
  naive: AccuracyByLead | null,
): Markup {
  return titledTable(
    caption,
    [
      { label: '' },
      ...[
        'Hours',
        'MAPE',
        'Naive MAPE',
        'MAE (MW)',
        'Naive MAE',
        'Bias (MW)',
        'Pinball',
        'In 10–90 %',
      ].map((label) => ({ label, numeric: true })),
    ],
    leadKeysOf(blend).map((key) => {
      const own = blend[key] ?? blend.all;
      const other = naive?.[key];
      return [
        leadNames[key],
        formatNumber(own.n, 0),
        markup`<strong>${formatPct(own.mape)}</strong>`,
        formatPct(other?.mape),
        view.mw(own.mae),
        view.mw(other?.mae),
        view.signedMw(own.bias),
        formatPct(own.pinballPct),
        formatPct(own.coverage1090, 1),
      ];
    }),
  );
}

function leadFigure(view: ReportView, evaluation: Evaluation): Markup {
  const lines = accuracyLines(view, evaluation);
  const leadKeys = leadKeysOf(evaluation.blend);
  return figure({
    id: 'figure-accuracy',
    title: 'Error by lead day',
    note: 'MAPE of the blend and of each member alone; lower is better',
    legend: legend(
      lines.map((line) => ({
        label: line.name,
        colour: line.colour,
        shape: line.dashed ? 'dashed' : 'line',
      })),
    ),
    drawing: accuracyChart(lines),
    numbers: table(
      'MAPE by lead day',
      [{ label: 'Forecast' }, ...leadKeys.map((key) => ({ label: leadNames[key], numeric: true }))],
      lines.map((line) => [
        line.name,
        ...leadKeys.map((key) => formatPct(line.accuracy[key]?.mape)),
      ]),
    ),
  });
}

function accuracyLines(view: ReportView, evaluation: Evaluation): AccuracyLine[] {
  const blend = { name: 'blend', colour: 'var(--forecast)', dashed: false };
  return [
    { ...blend, accuracy: evaluation.blend },
    ...Object.entries(evaluation.members).map(([name, accuracy]) => ({
      name,
      colour: view.memberColour(name),
      dashed: true,
      accuracy,
    })),
  ];
}

function pastFigure(view: ReportView): MarkupValue {
  const { pastForecasts } = view.content;
  return figure({
    id: 'figure-past',
    title: 'Error of each earlier forecast',
    note: 'MAPE over its hours whose load is known, by issue time',
    drawing: pastForecastChart(pastForecasts, view.zone),
    numbers: table(
      'Earlier forecasts',
      [{ label: 'Issued' }, { label: 'MAPE', numeric: true }, { label: 'Quality' }],
      pastForecasts.map((past) => [
        view.time(past.issuedAtMs),
        formatPct(past.mapePct),
        past.quality,
      ]),
    ),
  });
}
