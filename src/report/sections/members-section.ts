import type { Forecast, ForecastMember } from '../../core/forecast.js';
import { figure, legend } from '../charts/draw-chart.js';
import { memberChart } from '../charts/member-chart.js';
import { weightsChart } from '../charts/weights-chart.js';
import { markup, type Markup, type MarkupValue } from '../markup.js';
import { formatNumber } from '../numbers.js';
import type { ReportView } from '../report-view.js';
import { table } from '../table.js';

/** Who made the forecast, with which weight, and what each said alone. */
export function membersSection(view: ReportView): MarkupValue {
  const { forecast } = view.content;
  if (!forecast || forecast.members.length === 0) return null;
  const present = forecast.members.filter((member) => member.leftOut === null);
  return markup`<section aria-labelledby="members"><h2 id="members">Members and weights</h2>
${weightBars(view, present)}
${weightTable(forecast.members)}
${weightsOverTime(view)}
<div class="multiples">${present.map((member) => memberFigure(view, forecast, member))}</div></section>`;
}

function weightBars(view: ReportView, members: readonly ForecastMember[]): Markup {
  return markup`<div class="weights" role="img" aria-label="Blend weights by lead day; the same numbers stand in the table below">${leadDaysOfMembers(
    members,
  ).map(
    (day) =>
      markup`<span>Day ${day}</span><div class="bar">${members.map((member) => {
        const weight = member.weightsByLeadDay[day - 1] ?? 0;
        if (!(weight > 0.001)) return null;
        return markup`<div title="${member.name} ${formatNumber(weight, 2)}" style="flex:${weight.toFixed(4)} 0 0;background:${view.memberColour(member.name)}">${
          weight >= 0.12 && markup`${member.name} ${formatNumber(weight, 2)}`
        }</div>`;
      })}</div>`,
  )}</div>`;
}

/** fewer forecasts show no course */
const fewestForecasts = 3;

function weightsOverTime(view: ReportView): MarkupValue {
  const past = view.content.pastForecasts.filter(({ weights }) => Object.keys(weights).length > 0);
  if (past.length < fewestForecasts) return null;
  const members = [...new Set(past.flatMap(({ weights }) => Object.keys(weights)))].filter((name) =>
    past.some(({ weights }) => (weights[name] ?? 0) > 0.001),
  );
  return figure({
    id: 'figure-weights',
    title: 'Weights of the last forecasts',
    note: 'mean over the lead days, by issue time',
    legend: legend(
      members.map((name) => ({ label: name, colour: view.memberColour(name), shape: 'area' })),
    ),
    drawing: weightsChart(view, members),
    numbers: table(
      'Weights by issue time',
      [{ label: 'Issued' }, ...members.map((label) => ({ label, numeric: true }))],
      past.map(({ issuedAtMs, weights }) => [
        view.time(issuedAtMs),
        ...members.map((name) => formatNumber(weights[name] ?? 0, 3)),
      ]),
    ),
  });
}

/** Lead days that members have weights for. */
function leadDaysOfMembers(members: readonly ForecastMember[]): number[] {
  return (members[0]?.weightsByLeadDay ?? []).map((_, day) => day + 1);
}

function weightTable(members: readonly ForecastMember[]): Markup {
  const leadDays = leadDaysOfMembers(members);
  return table(
    'Weight of each member by lead day',
    [
      { label: 'Member' },
      ...leadDays.map((day) => ({ label: `Lead day ${day}`, numeric: true })),
      { label: 'Version' },
      { label: 'Left out because' },
    ],
    members.map((member) => [
      member.name,
      ...leadDays.map((day) => formatNumber(member.weightsByLeadDay[day - 1], 3)),
      markup`<code>${member.version}</code>`,
      member.leftOut ?? '–',
    ]),
  );
}

function memberFigure(view: ReportView, forecast: Forecast, member: ForecastMember): Markup {
  return figure({
    id: `figure-member-${forecast.members.indexOf(member)}`,
    title: member.name,
    legend: legend([
      { label: member.name, colour: view.memberColour(member.name), shape: 'line' },
      { label: 'blend', colour: 'var(--forecast)', shape: 'line' },
      ...(view.content.actualAfterIssue
        ? [{ label: 'actual', colour: 'var(--actual)', shape: 'dashed' } as const]
        : []),
    ]),
    drawing: memberChart(view, forecast, member.name),
    numbers: table(
      `Forecast of ${member.name} by hour`,
      [{ label: 'Hour' }, { label: 'MW', numeric: true }],
      forecast.values.map((value) => [
        view.time(value.startMs),
        view.mw(value.memberMw[member.name]),
      ]),
    ),
  });
}
