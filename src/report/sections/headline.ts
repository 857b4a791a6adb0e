import type { Forecast, Quality } from '../../core/forecast.js';
import type { TemperatureSource } from '../../core/history.js';
import { hourMs } from '../../core/time.js';
import { dayLabel, offsetLabel, stampLabel } from '../local-labels.js';
import { markup, type Markup, type MarkupValue } from '../markup.js';
import { formatPct } from '../numbers.js';
import type { ReportView } from '../report-view.js';

/** Whose forecast this is, as of when, and how far it can be trusted. */
export function headline(view: ReportView): Markup {
  const { series, forecast, status, otherReports } = view.content;
  const isReplay = series.kind === 'replay' || forecast?.kind === 'replay';
  return markup`<header>
<p class="eyebrow">loadcast · ${view.horizonHours}-hour ${series.loadKind && `${series.loadKind} `}load forecast</p>
<h1>${series.name}</h1>
<p class="as-of">${asOf(view)}</p>
<p class="badges">${isReplay && markup`<span class="badge replay">REPLAY</span>`}${
    forecast && markup`<span class="badge ${forecast.quality}">quality: ${forecast.quality}</span>`
  }${track(view)}</p>
${otherReports.length > 0 && markup`<nav aria-label="Other series">Other series: ${otherReports.map((link) => markup`<a href="${link.path}">${link.name}</a> `)}</nav>`}
</header>
${status && markup`<p class="notice" role="status"><strong>Now:</strong> ${status}</p>`}
${notices(view)}`;
}

function asOf(view: ReportView): MarkupValue {
  const { forecast, generatedAtMs } = view.content;
  if (!forecast)
    return markup`No forecast yet · page made ${stampLabel(generatedAtMs, view.zone)} ${view.zone}`;
  const { issuedAtMs } = forecast;
  return markup`as of <strong>${stampLabel(issuedAtMs, view.zone)}</strong> ${view.zone} (${offsetLabel(issuedAtMs, view.zone)}) · load known up to ${view.time(forecast.dataCutoffMs)} · ${temperatureNames[forecast.temperatureSource]}`;
}

/** The one figure of past accuracy that belongs at the top. */
function track(view: ReportView): MarkupValue {
  const { evaluation } = view.content;
  if (!evaluation) return null;
  const naive = evaluation.members['naive']?.all.mape;
  return markup`<span class="track">MAPE of ${evaluation.forecasts} ${evaluation.kind === 'replay' ? 'replayed' : 'issued'} forecasts: <strong>${formatPct(evaluation.blend.all.mape)}</strong>${
    naive !== undefined && markup` (same hour a week ago: ${formatPct(naive)})`
  }</span>`;
}

export const temperatureNames: Readonly<Record<TemperatureSource, string>> = {
  actual: 'temperature: actual (ex post)',
  model: 'temperature: actual plus an error model',
  file: 'temperature: forecast from your file',
  'open-meteo': 'temperature: Open-Meteo forecast',
  climatology: 'temperature: climatology',
  none: 'no temperature',
};

function notices(view: ReportView): Markup {
  const { forecast, series } = view.content;
  if (!forecast)
    return markup`<p class="notice warn">There is no forecast of this series yet. It appears here once the first load history is imported; with at least a week of it, seasonal naive serves at once while the models train.</p>`;
  const isReplay = series.kind === 'replay' || forecast.kind === 'replay';
  const exPost = forecast.temperatureSource === 'actual';
  return markup`${
    (isReplay || exPost) &&
    markup`<p class="notice">${
      isReplay &&
      markup`This is a <strong>replay</strong>: the forecast that would have been issued at that time, from models that had seen only rows before it. It is not a forecast of today. `
    }${
      exPost &&
      markup`Temperature of the horizon: <strong>actual (ex post), which flatters the forecast</strong>; with a weather forecast, errors are larger.`
    }</p>`
  }${qualityNotice(forecast)}${staleNotice(view, forecast, isReplay)}`;
}

const qualityMeanings: Readonly<Record<Quality, string>> = {
  full: 'All members ran on inputs that were in time.',
  degraded: 'Usable with care: something was missing, late or substituted.',
  fallback:
    'From the failover ladder, without the trained blend: expect about the error of seasonal naive.',
};

function qualityNotice(forecast: Forecast): MarkupValue {
  if (forecast.quality === 'full') return null;
  return markup`<p class="notice warn"><strong>Quality ${forecast.quality}.</strong> ${qualityMeanings[forecast.quality]} ${forecast.reason ?? ''}</p>`;
}

/** A live forecast older than a day and a half means that the daily job did not run. */
function staleNotice(view: ReportView, forecast: Forecast, isReplay: boolean): MarkupValue {
  const ageHours = (view.content.generatedAtMs - forecast.issuedAtMs) / hourMs;
  if (isReplay || ageHours < 36) return null;
  return markup`<p class="notice warn"><strong>This forecast is ${ageHours < 96 ? `${Math.floor(ageHours)} h` : `${Math.floor(ageHours / 24)} days`} old</strong> (issued ${dayLabel(forecast.issuedAtMs, view.zone)}). Look at the jobs below, import the newest load and run <code>loadcast forecast</code>.</p>`;
}
