import { figure, legend, wideAndNarrow } from '../charts/draw-chart.js';
import { markChart } from '../charts/mark-chart.js';
import { markup, type Markup, type MarkupValue } from '../markup.js';
import { formatNumber } from '../numbers.js';
import type { MarkedStretch } from '../report-content.js';
import type { ReportView } from '../report-view.js';
import { table } from '../table.js';

const shownMarks = 20;
const wide = { width: 1040, height: 220, narrow: false };
const narrow = { width: 360, height: 200, narrow: true };

/** Loads that are not believed: what was found, what was done, and the newest stretches drawn. */
export function marksPart(view: ReportView): MarkupValue {
  const { marks, markedStretches } = view.content;
  if (marks.length === 0) return null;
  const newestFirst = marks.toReversed();
  const more = marks.length - shownMarks;
  return markup`<h3>Doubtful loads</h3>
<p class="muted">Loads stay as they were measured. <code>loadcast quality ${view.content.series.id} --keep FROM/TO</code> says that hours are right, <code>--mask FROM/TO</code> that they are wrong, <code>--withdraw ID</code> takes a mark back.</p>
${markedStretches.map((stretch, i) => stretchFigure(view, stretch, i))}
${table(
  'Marks in force, newest hours first',
  [
    { label: 'Id', numeric: true },
    { label: 'From' },
    { label: 'Hours', numeric: true },
    { label: 'Kind' },
    { label: 'Done' },
    { label: 'Reason' },
  ],
  newestFirst
    .slice(0, shownMarks)
    .map((mark) => [
      String(mark.id),
      view.time(mark.startMs),
      formatNumber((mark.endMs - mark.startMs) / 3_600_000, 0),
      mark.kind,
      mark.treatment,
      mark.reason,
    ]),
)}${more > 0 && markup`<p class="muted">… and ${more} earlier.</p>`}`;
}

function stretchFigure(view: ReportView, stretch: MarkedStretch, i: number): Markup {
  const { mark } = stretch;
  return figure({
    id: `figure-mark-${i}`,
    title: `${mark.kind}: ${view.time(mark.startMs)}`,
    note: markup`${mark.reason}; local time ${view.zone}`,
    legend: legend([
      { label: 'load as measured', colour: 'var(--actual)', shape: 'line' },
      { label: 'not believed', colour: 'var(--bad)', shape: 'line' },
      { label: 'what stands in for it', colour: 'var(--forecast)', shape: 'dashed' },
    ]),
    drawing: wideAndNarrow(markChart(view, stretch, wide), markChart(view, stretch, narrow)),
    numbers: table(
      'Hours that are not believed, MW',
      [
        { label: 'Hour' },
        { label: 'Measured', numeric: true },
        { label: 'Stands in', numeric: true },
      ],
      mark.values.map((value) => [
        view.time(value.startMs),
        view.mw(value.loadMw),
        value.substituteMw === null ? '–' : view.mw(value.substituteMw),
      ]),
    ),
  });
}
