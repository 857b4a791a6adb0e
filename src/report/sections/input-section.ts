import type { QualityIssue } from '../../core/quality-issue.js';
import { dateLabel, stampLabel } from '../local-labels.js';
import { markup, type Markup, type MarkupValue } from '../markup.js';
import { formatDuration, formatNumber } from '../numbers.js';
import type { ReportContent, ReportJobRun } from '../report-content.js';
import type { ReportView } from '../report-view.js';
import { marksPart } from './marks.js';
import { folded, table } from '../table.js';

const shownIssues = 20;

/** What came in, what was refused or mended, and which jobs ran. */
export function inputSection(view: ReportView): Markup {
  const { lastImport, jobRuns } = view.content;
  return markup`<section aria-labelledby="input"><h2 id="input">Data quality and jobs</h2>
${lastImport ? importFigures(view, lastImport) : markup`<p class="muted">Nothing was imported yet.</p>`}
${view.content.forecast && issuesOf(view)}
${marksPart(view)}
${jobRuns.length > 0 && folded('Jobs that ran', jobTable(view, jobRuns))}</section>`;
}

function issuesOf(view: ReportView): Markup {
  const title = 'Marked or filled for this forecast';
  const { issues } = view.content;
  return markup`<h3>${title}</h3>
${issues.length > 0 ? issueTable(view, title, issues) : markup`<p class="muted">Nothing: no value was missing or suspect.</p>`}`;
}

function importFigures(
  view: ReportView,
  summary: NonNullable<ReportContent['lastImport']>,
): MarkupValue {
  return markup`<p>Last import: <code>${summary.source}</code>, ${stampLabel(summary.atMs, view.zone)}${
    summary.firstMs !== null &&
    summary.endMs !== null &&
    markup`; values from ${dateLabel(summary.firstMs, view.zone)} to ${dateLabel(summary.endMs - 1, view.zone)}`
  }.</p>
<dl class="counts">${count('rows', summary.rows)}${count('rejected', summary.rejected)}${count('values added', summary.added)}${count('unchanged', summary.unchanged)}${count('revised', summary.revised)}</dl>
${summary.issues.length > 0 && issueTable(view, 'What the import rejected or noticed', summary.issues)}`;
}

function count(label: string, value: number): Markup {
  return markup`<div><dt>${label}</dt><dd>${formatNumber(value, 0)}</dd></div>`;
}

function issueTable(view: ReportView, caption: string, issues: readonly QualityIssue[]): Markup {
  const more = issues.length - shownIssues;
  return markup`${table(
    caption,
    [
      { label: 'Kind' },
      { label: 'Line', numeric: true },
      { label: 'Time' },
      { label: 'Count', numeric: true },
      { label: 'Reason' },
    ],
    issues
      .slice(0, shownIssues)
      .map((issue) => [
        issue.kind,
        issue.line ?? '–',
        issue.validAtMs === null ? '–' : view.time(issue.validAtMs),
        formatNumber(issue.count, 0),
        issue.reason,
      ]),
  )}${more > 0 && markup`<p class="muted">… and ${more} more.</p>`}`;
}

function jobTable(view: ReportView, runs: readonly ReportJobRun[]): Markup {
  return table(
    'Jobs that ran, newest first',
    [
      { label: 'Job' },
      { label: 'State' },
      { label: 'Started' },
      { label: 'Took', numeric: true },
      { label: 'Error' },
    ],
    runs.map((run) => [
      run.job,
      run.state,
      stampLabel(run.startedAtMs, view.zone),
      formatDuration(
        run.finishedAtMs === null ? null : (run.finishedAtMs - run.startedAtMs) / 1000,
      ),
      run.error ?? '–',
    ]),
  );
}
