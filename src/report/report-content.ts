import type { LoadKind } from '../core/load-kind.js';
import type { Evaluation } from '../core/evaluation.js';
import type { Forecast, Quality } from '../core/forecast.js';
import type { HourlySeries } from '../core/hourly.js';
import type { LoadMark } from '../core/load-mark.js';
import type { ModelCard } from '../core/model-card.js';
import type { ImportSummary, QualityIssue } from '../core/quality-issue.js';

/** Everything the report shows of one series. The caller reads the store and the clock; the report only draws. */
export interface ReportContent {
  readonly series: ReportSeries;
  readonly generatedAtMs: number;
  /** what the program is doing, such as "models in training"; null when there is nothing to say */
  readonly status: string | null;
  /** null until the first one is issued */
  readonly forecast: Forecast | null;
  /** MW, the last week or so of actuals, ending at the issue time; NaN = missing */
  readonly recentLoad: HourlySeries;
  /** °C over the same hours */
  readonly recentTemperature: HourlySeries;
  /** MW over the horizon where it is known by now; null where it is not */
  readonly actualAfterIssue: HourlySeries | null;
  /** earlier forecasts with the error they turned out to have, ascending by issue time */
  readonly pastForecasts: readonly PastForecast[];
  readonly evaluation: Evaluation | null;
  readonly modelCard: ModelCard | null;
  readonly lastImport: (ImportSummary & { readonly atMs: number }) | null;
  /** what cleaning marked or imputed for this forecast */
  readonly issues: readonly QualityIssue[];
  /** loads that are not believed, ascending by start */
  readonly marks: readonly LoadMark[];
  /** the newest of them, to be drawn */
  readonly markedStretches: readonly MarkedStretch[];
  /** newest first */
  readonly jobRuns: readonly ReportJobRun[];
  /** where load, weather and holidays come from, one line each */
  readonly attribution: readonly string[];
  /** reports of the other series; empty in a file that travels alone */
  readonly otherReports: readonly ReportLink[];
}

export interface MarkedStretch {
  readonly mark: LoadMark;
  /** MW as measured, some days around it */
  readonly load: HourlySeries;
}

export interface ReportSeries {
  readonly id: string;
  readonly name: string;
  /** IANA zone; every time in the report is local to it */
  readonly zone: string;
  readonly holidayRegion: string | null;
  readonly loadKind: LoadKind | null;
  readonly resolutionMinutes: number;
  readonly kind: 'live' | 'replay';
}

export interface PastForecast {
  readonly issuedAtMs: number;
  readonly quality: Quality;
  /** MAPE over the hours whose load is known, %; NaN if there are none */
  readonly mapePct: number;
  /** blend weight of each member, mean over the lead days */
  readonly weights: Readonly<Record<string, number>>;
}

export interface ReportJobRun {
  readonly job: string;
  readonly state: 'running' | 'succeeded' | 'failed' | 'abandoned';
  readonly startedAtMs: number;
  readonly finishedAtMs: number | null;
  readonly error: string | null;
}

export interface ReportLink {
  readonly name: string;
  /** path on the same server, such as `/reports/feeder-7` */
  readonly path: string;
}
