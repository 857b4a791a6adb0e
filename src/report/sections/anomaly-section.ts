import type { FaultResponse } from '../../core/evaluation.js';
import { markup, type Markup, type MarkupValue } from '../markup.js';
import { formatNumber, formatPct } from '../numbers.js';
import type { ReportView } from '../report-view.js';
import { table } from '../table.js';

/** Largest error ratio aimed at for load faults of up to 12 hours. */
const errorRatioAim = 1.25;

/** What broken meter values do to the forecast. */
export function anomalySection(view: ReportView): MarkupValue {
  const anomaly = view.content.evaluation?.anomaly;
  if (!anomaly) return null;
  return markup`<section aria-labelledby="anomaly"><h2 id="anomaly">Anomaly sensitivity</h2>
<p><span class="badge ${anomaly.passed ? 'full' : 'fallback'}">${anomaly.passed ? 'passed' : 'failed'}</span> Faults put into the known load of ${anomaly.days} days; each forecast is compared with its clean twin. A missing or non-finite value fails; the aim for load faults of up to 12 h is an error ratio of at most ${errorRatioAim}. Cleaning found ${formatPct(anomaly.detectionRecallPct, 1)} of the faulty hours and wrongly marked ${formatNumber(anomaly.falseAlarmsPerDay, 2)} hours per clean day.</p>
${table(
  'Response to each fault',
  [
    { label: 'Fault' },
    ...[
      'Ended before issue (h)',
      'Forecasts',
      'Error ratio',
      'Gain',
      'Degraded',
      'Fallback',
      'Non-finite',
    ].map((label) => ({ label, numeric: true })),
    { label: 'Verdict' },
  ],
  anomaly.faults.map((fault) => [
    fault.fault,
    formatNumber(fault.endedHoursBefore, 0),
    formatNumber(fault.forecasts, 0),
    formatNumber(fault.errorRatio, 2),
    formatNumber(fault.gain, 2),
    formatPct(fault.degradedPct, 0),
    formatPct(fault.fallbackPct, 0),
    formatNumber(fault.nonFinite, 0),
    verdict(fault),
  ]),
)}</section>`;
}

function verdict(fault: FaultResponse): Markup {
  if (fault.nonFinite > 0) return markup`<span class="badge fallback">fail</span>`;
  return fault.errorRatio <= errorRatioAim
    ? markup`<span class="badge full">pass</span>`
    : markup`<span class="badge degraded">above the aim</span>`;
}
