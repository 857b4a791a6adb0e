import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InsufficientHistoryError, LoadcastError } from '../core/errors.js';
import type { Forecast } from '../core/forecast.js';
import { usualHorizonHours } from '../core/horizon.js';
import type { History } from '../core/history.js';
import { sliceHours, type HourlySeries } from '../core/hourly.js';
import { finiteMean } from '../core/metrics.js';
import { dayMs, hourMs, hourPhaseMs, type Interval } from '../core/time.js';
import type { LoadMark } from '../core/load-mark.js';
import type { QualityIssue } from '../core/quality-issue.js';
import { accuracyByLead, blendColumn } from '../evaluate/accuracy-by-lead.js';
import { buildFeatureTable } from '../features/build-feature-table.js';
import { undisturbedHistory } from '../features/events.js';
import { contextHours } from '../forecast/issue-forecast.js';
import { historyBefore } from '../forecast/split-run.js';
import { hourlyMeans } from '../ingest/hourly-means.js';
import type {
  MarkedStretch,
  PastForecast,
  ReportContent,
  ReportLink,
} from '../report/report-content.js';
import { renderReport } from '../report/render-report.js';
import type { LiveLoad } from '../ingest/live-series.js';
import type { Series } from '../store/store.js';
import type { JobServices } from './job-services.js';
import { seriesHistory } from './series-history.js';
import { writeWholeFile } from './write-whole-file.js';

const recentDays = 7;
const listedForecastDays = 60;
const listedJobRuns = 10;
const drawnStretches = 3;
const longestStretchDays = 7;
/** before the context, for means of temperature that reach back */
const leadInHours = 96;

/** Renders the report of one series from what is stored. */
export async function reportHtml(
  services: JobServices,
  series: Series,
  options: { readonly status?: string | null; readonly otherReports?: readonly ReportLink[] } = {},
): Promise<string> {
  return renderReport(await reportContent(services, series, options));
}

/**
 * Writes the report of one series into the reports folder, whole or not at all.
 * @returns the path of the file
 */
export async function writeReport(services: JobServices, series: Series): Promise<string> {
  const html = await reportHtml(services, series);
  await mkdir(services.reportsFolder, { recursive: true });
  const path = join(services.reportsFolder, `${series.id}.html`);
  await writeWholeFile(path, html);
  return path;
}

async function reportContent(
  services: JobServices,
  series: Series,
  options: { readonly status?: string | null; readonly otherReports?: readonly ReportLink[] },
): Promise<ReportContent> {
  const { store } = services;
  const [forecast, evaluations, champion, imports, jobRuns, marks] = await Promise.all([
    store.latestForecast(series.id),
    store.listEvaluations(series.id, 1),
    store.championBundle(series.id),
    store.listImports(series.id, 1),
    store.listJobRuns(listedJobRuns, series.id),
    store.listLoadMarks(series.id),
  ]);
  const history = await reportedHistory(services, series, forecast);
  const atMs = forecast?.issuedAtMs ?? history.load.startMs + history.load.values.length * hourMs;
  const recent = (hours: HourlySeries): HourlySeries =>
    sliceHours(hours, atMs - recentDays * dayMs, atMs);
  const horizonHours = forecast?.values.length ?? usualHorizonHours;
  const after = sliceHours(history.load, atMs, atMs + horizonHours * hourMs);
  return {
    series: { ...series, zone: series.place.zone, holidayRegion: series.place.holidayRegion },
    generatedAtMs: services.nowMs(),
    status: options.status ?? null,
    forecast,
    recentLoad: recent(history.load),
    recentTemperature: recent(history.temperature),
    actualAfterIssue: after.values.some(Number.isFinite) ? after : null,
    pastForecasts: await pastForecasts(services, series, history, atMs),
    evaluation: evaluations[0] ?? null,
    modelCard: champion?.card ?? null,
    lastImport: imports[0] ?? null,
    issues: forecast ? inputIssues(history, forecast) : [],
    marks,
    markedStretches: await markedStretches(services, series, marks),
    jobRuns,
    attribution: attribution(services, series, forecast),
    otherReports: options.otherReports ?? [],
  };
}

/** The newest stretches that were taken out, with the loads around them as measured. */
async function markedStretches(
  { store }: JobServices,
  { id, place }: Series,
  marks: readonly LoadMark[],
): Promise<MarkedStretch[]> {
  const drawn = marks
    .filter(({ values }) => values.length > 0)
    .slice(-drawnStretches)
    .reverse();
  return Promise.all(
    drawn.map(async (mark) => {
      const interval = {
        startMs: mark.startMs - 1.5 * dayMs,
        endMs: Math.min(mark.endMs, mark.startMs + longestStretchDays * dayMs) + 1.5 * dayMs,
      };
      const load = await store.readLoad(id, { interval });
      return { mark, load: hourlyMeans(load, hourPhaseMs(place.zone, mark.startMs)).hourly };
    }),
  );
}

/** What cleaning marked or imputed in the loads and temperatures that the forecast stands on. */
function inputIssues(history: History, forecast: Forecast): readonly QualityIssue[] {
  const { issuedAtMs } = forecast;
  const startMs = Math.max(history.load.startMs, issuedAtMs - contextHours * hourMs);
  try {
    return buildFeatureTable({
      history: historyBefore(undisturbedHistory(history), forecast.dataCutoffMs),
      issuedAtMs,
      startMs,
      endMs: issuedAtMs,
    }).issues;
  } catch (error) {
    // Too short for a table: the forecast came from the ladder, and its reason says so.
    if (error instanceof InsufficientHistoryError) return [];
    throw error;
  }
}

/** The hours that the report draws and checks, and no more of a long history; all of a short one. */
async function reportedHistory(
  services: JobServices,
  series: Series,
  forecast: Forecast | null,
): Promise<History> {
  if (forecast) {
    const { issuedAtMs } = forecast;
    const contextStartMs = issuedAtMs - contextHours * hourMs;
    const history = await historyOrEmpty(services, series, {
      startMs: contextStartMs - leadInHours * hourMs,
      endMs: issuedAtMs + forecast.values.length * hourMs,
    });
    // Where the context begins in a gap, only all of the history tells a gap from the beginning.
    if (history.load.values.length > 0 && history.load.startMs <= contextStartMs) return history;
  }
  return historyOrEmpty(services, series);
}

async function historyOrEmpty(
  services: JobServices,
  series: Series,
  interval?: Interval,
): Promise<History> {
  try {
    return await seriesHistory(services, series, { interval });
  } catch (error) {
    if (!(error instanceof LoadcastError && error.code === 'NOT_FOUND')) throw error;
    const nothing = { startMs: series.createdAtMs, values: new Float64Array(0) };
    return { place: series.place, load: nothing, temperature: nothing };
  }
}

async function pastForecasts(
  services: JobServices,
  series: Series,
  history: History,
  atMs: number,
): Promise<PastForecast[]> {
  const issued = await services.store.listForecasts(series.id, {
    startMs: atMs - listedForecastDays * dayMs,
    endMs: atMs + 1,
  });
  return issued.map((forecast) => ({
    issuedAtMs: forecast.issuedAtMs,
    quality: forecast.quality,
    mapePct: accuracyByLead([forecast], history.load, blendColumn).all.mape,
    weights: Object.fromEntries(
      forecast.members.map(({ name, weightsByLeadDay }) => [name, finiteMean(weightsByLeadDay)]),
    ),
  }));
}

const loadAttribution: Partial<Record<LiveLoad['source'], string>> = {
  'energy-charts': 'Load: Energy-Charts.info (Fraunhofer ISE), CC BY 4.0.',
  entsoe: 'Load: ENTSO-E Transparency Platform.',
  eia: 'Load: US Energy Information Administration.',
};

function attribution({ live }: JobServices, series: Series, forecast: Forecast | null): string[] {
  const source = live.get(series.id)?.load.source;
  const load = source && loadAttribution[source];
  return [
    ...(load === undefined ? [] : [load]),
    ...(series.kind === 'replay'
      ? [
          'Load: Australian Energy Market Operator (AEMO). Temperature: Bureau of Meteorology, CC BY. See data/SOURCES.md.',
        ]
      : []),
    ...(series.place.holidayRegion
      ? ['Public holidays: date-holidays (commenthol), CC BY-SA 3.0.']
      : []),
    ...(forecast?.temperatureSource === 'open-meteo'
      ? ['Weather forecast: Open-Meteo.com, CC BY 4.0.']
      : []),
  ];
}
