import { leadKeysOf, type TrendFigures } from '../../core/evaluation.js';
import { markup, type MarkupValue } from '../markup.js';
import { formatNumber, formatPct, formatSignedPct } from '../numbers.js';
import type { ReportView } from '../report-view.js';
import { table } from '../table.js';
import { leadNames } from './verification-section.js';

/** Does the forecast move as the load moves? */
export function trendSection(view: ReportView): MarkupValue {
  const trend = view.content.evaluation?.trend;
  if (!trend) return null;
  return markup`<section aria-labelledby="trend"><h2 id="trend">Trend consistency</h2>
<p>Direction counts hour-to-hour moves of at least 0.5 % of the mean load that the forecast takes the same way. Shape is the rank correlation within each whole local day.</p>
${table(
  'Trend consistency by lead day, beside seasonal naive',
  [
    { label: '' },
    { label: 'Forecast' },
    ...[
      'Direction',
      'Moves',
      'Shape',
      'Peak hour exact',
      'within 1 h',
      'Peak size error',
      'Peak size bias',
      'Days',
    ].map((label) => ({ label, numeric: true })),
  ],
  leadKeysOf(trend.byLead).flatMap((key) => {
    const { forecast, naive } = trend.byLead[key] ?? trend.byLead.all;
    return [
      [leadNames[key], 'blend', ...figures(forecast)],
      [leadNames[key], 'seasonal naive', ...figures(naive)],
    ];
  }),
)}</section>`;
}

function figures(trend: TrendFigures): string[] {
  return [
    formatPct(trend.directionPct, 1),
    formatNumber(trend.directionN, 0),
    formatNumber(trend.shapeCorrelation, 3),
    formatPct(trend.peakHourExactPct, 0),
    formatPct(trend.peakHourWithin1Pct, 0),
    formatPct(trend.peakSizeErrorPct, 2),
    formatSignedPct(trend.peakSizeBiasPct, 2),
    formatNumber(trend.days, 0),
  ];
}
