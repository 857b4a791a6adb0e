import { isoUtc } from '../../core/time.js';
import { stampLabel } from '../local-labels.js';
import { markup, type Markup } from '../markup.js';
import type { ReportView } from '../report-view.js';

const glossary: readonly (readonly [string, string])[] = [
  ['MAPE', 'mean of |forecast − actual| / actual, %'],
  ['MAE', 'mean of |forecast − actual|, MW'],
  ['bias', 'mean of forecast − actual, MW'],
  ['pinball', 'loss of the issued quantiles as % of the mean load; lower is better'],
  ['10–90 % band', 'should hold about 80 % of the hours'],
  ['lead day', 'day 1 is the first 24 hours after the issue time'],
  ['seasonal naive', 'the same hour one week ago'],
  ['blend', 'weighted mean of the members'],
  ['ex post', 'with the weather as it came, which no forecaster has'],
];

export function footer(view: ReportView): Markup {
  const { attribution, generatedAtMs, series, forecast } = view.content;
  return markup`<footer>
<h2>Words</h2><dl class="glossary">${glossary.map(([word, meaning]) => markup`<div><dt>${word}</dt><dd>${meaning}</dd></div>`)}</dl>
${attribution.length > 0 && markup`<h2>Sources</h2><ul>${attribution.map((line) => markup`<li>${line}</li>`)}</ul>`}
<p>Series <code>${series.id}</code>, source resolution ${series.resolutionMinutes} min, forecast every ${forecast?.withinHours?.minutes ?? 60} min (shown by the hour), holidays ${series.holidayRegion ?? 'none'}.${forecast && markup` Forecast <code>${forecast.id}</code>.`} Page made ${stampLabel(generatedAtMs, view.zone)} ${view.zone} (${isoUtc(generatedAtMs)}) by loadcast.</p>
</footer>`;
}
