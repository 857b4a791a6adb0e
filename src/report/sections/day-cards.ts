import { startOfLocalDay } from '../../core/time.js';
import { dayOutlooks, type DayOutlook } from '../day-outlook.js';
import { clockLabel, dayLabel, isClockChangeDay } from '../local-labels.js';
import { markup, type Markup, type MarkupValue } from '../markup.js';
import { formatNumber, formatSignedPct, withUnit } from '../numbers.js';
import type { ReportView } from '../report-view.js';

/** Peak, energy and minimum of each local day in the horizon. */
export function dayCards(view: ReportView): MarkupValue {
  const { forecast, actualAfterIssue } = view.content;
  if (!forecast) return null;
  const days = dayOutlooks(forecast, actualAfterIssue, view.zone);
  return markup`<section aria-labelledby="days"><h2 id="days">Key numbers by local day</h2>
<div class="cards">${days.map((day) => card(view, day))}</div></section>`;
}

function card(view: ReportView, day: DayOutlook): Markup {
  const { peak, lowest, actual } = day;
  return markup`<article class="card">
<h3>${dayLabel(day.startMs, view.zone)}${extent(view, day)}</h3>
<p class="big">${view.mw(peak.mw)}<small> MW peak at ${clockLabel(peak.startMs, view.zone)}</small></p>
<dl>
<div><dt>80 % band</dt><dd>${view.mw(day.peakBandMw[0])}–${view.mwUnit(day.peakBandMw[1])}</dd></div>
${peakHours(view, day)}<div><dt>Energy</dt><dd>${mwh(view, day.energyMwh)}${energyBand(view, day)}</dd></div>
<div><dt>Minimum</dt><dd>${view.mwUnit(lowest.mw)} at ${clockLabel(lowest.startMs, view.zone)}</dd></div>
${
  actual &&
  markup`<div class="came"><dt>Actual peak</dt><dd>${view.mwUnit(actual.peak.mw)} at ${clockLabel(actual.peak.startMs, view.zone)} ${forecastWas(peak.mw, actual.peak.mw)}</dd></div>
<div class="came"><dt>Actual energy</dt><dd>${mwh(view, actual.energyMwh)} ${forecastWas(day.energyMwh, actual.energyMwh)}</dd></div>`
}
</dl></article>`;
}

/** The hours that are likeliest to be the peak; nothing where one of them is sure. */
function peakHours(view: ReportView, { paths }: DayOutlook): MarkupValue {
  const [first, second] = paths?.peakHours ?? [];
  if (!first || !second) return null;
  const likely = [first, second].map(
    ({ startMs, probability }) =>
      `${clockLabel(startMs, view.zone)}\u00a0(${Math.round(100 * probability)}\u00a0%)`,
  );
  return markup`<div><dt>Peak hour</dt><dd>${likely.join(' or ')}</dd></div>
`;
}

function energyBand(view: ReportView, { paths }: DayOutlook): MarkupValue {
  if (!paths) return null;
  const [low, , high] = paths.energyMwh;
  return markup` <small>(${mwh(view, low)} to ${mwh(view, high)})</small>`;
}

/** How far off the forecast was, `(forecast +2.6 %)`. */
function forecastWas(forecast: number, actual: number): Markup {
  const offPct = (100 * (forecast - actual)) / actual;
  return markup`<small>(forecast ${formatSignedPct(offPct, 1)})</small>`;
}

/** Says when a card does not cover 24 hours: the horizon cuts the day, or the clock changes. */
function extent(view: ReportView, day: DayOutlook): MarkupValue {
  if (!day.whole) {
    const cutAtStart = day.startMs !== startOfLocalDay(day.startMs, view.zone);
    const cut = cutAtStart
      ? `from ${clockLabel(day.startMs, view.zone)}`
      : `until ${clockLabel(day.endMs, view.zone)}`;
    return markup`<small> ${cut}, ${day.hours}\u00a0h</small>`;
  }
  return isClockChangeDay(day.startMs, view.zone)
    ? markup`<small> clock change, ${day.hours}\u00a0h</small>`
    : null;
}

/** Energy to the precision of the load: a day is some 20 times an hour. */
function mwh(view: ReportView, energyMwh: number): string {
  return energyMwh >= 1000
    ? withUnit(formatNumber(energyMwh, 0), 'MWh')
    : withUnit(view.mw(energyMwh), 'MWh');
}
