import { leadKeysOf } from '../../core/evaluation.js';
import type { MemberCard, ModelCard, TrainingStep } from '../../core/model-card.js';
import { figure, legend } from '../charts/draw-chart.js';
import { gradientNormChart, learningRateChart, lossChart } from '../charts/training-charts.js';
import { describeTrainingEvent, type TrainingEvent } from '../../core/training-event.js';
import { dateLabel, stampLabel } from '../local-labels.js';
import { markup, type Markup, type MarkupValue } from '../markup.js';
import { formatCompact, formatDuration, formatPct } from '../numbers.js';
import type { ReportView } from '../report-view.js';
import { temperatureNames } from './headline.js';
import { table, titledTable } from '../table.js';
import { leadNames } from './verification-section.js';

/** Which models these are, what they have seen and how their training went. */
export function modelCardSection(view: ReportView): Markup {
  const { modelCard } = view.content;
  return markup`<section aria-labelledby="model-card"><h2 id="model-card">Model card</h2>
${modelCard ? cardBody(view, modelCard) : markup`<p class="muted">No models are trained yet.</p>`}</section>`;
}

function cardBody(view: ReportView, card: ModelCard): Markup {
  return markup`<p>Bundle <code>${card.bundleId}</code>, trained ${stampLabel(card.trainedAtMs, view.zone)}, seed ${card.seed}. The serving models know ${dateLabel(card.firstHourMs, view.zone)} to ${dateLabel(card.endMs - 1, view.zone)}.</p>
${splitBar(view, card)}
${testTable(card)}
<h3>Members</h3>
${memberTable(card.members)}
${card.members.map((member, index) => trainingFigures(member, index))}`;
}

/** Fit, validation and test part of the split run, to scale. */
function splitBar(view: ReportView, card: ModelCard): Markup {
  const { firstHourMs, validationStartMs, testStartMs, endMs } = card;
  if (validationStartMs === null || testStartMs === null)
    return markup`<p class="muted">The history was too short for a split into fit, validation and test.</p>`;
  const part = (name: string, fromMs: number, toMs: number): Markup =>
    markup`<div class="${name}" style="flex:${Math.max(1, toMs - fromMs)} 0 0"><strong>${name}</strong> from ${dateLabel(fromMs, view.zone)}</div>`;
  return markup`<p>The split run that chose the steps, weights and error quantiles, and gave the test figures below; the serving models were then fitted on everything:</p>
<div class="split">${part('fit', firstHourMs, validationStartMs)}${part('validation', validationStartMs, testStartMs)}${part('test', testStartMs, endMs)}</div>`;
}

function testTable(card: ModelCard): MarkupValue {
  const naive = card.members.find((member) => member.name === 'naive');
  const rows = [
    ['blend', card.test],
    ...card.members.map((member) => [member.name, member.test] as const),
    ...(naive?.test ? [] : [['same hour a week ago', card.testNaive] as const]),
  ] as const;
  const tested = rows.find(([, accuracy]) => accuracy !== null)?.[1];
  if (!tested) return null;
  const leadKeys = leadKeysOf(tested);
  return titledTable(
    `MAPE on the test part, which no choice was made on; ${temperatureNames[card.temperatureSource]}`,
    [{ label: 'Forecast' }, ...leadKeys.map((key) => ({ label: leadNames[key], numeric: true }))],
    rows.map(([name, accuracy]) => [
      name,
      ...leadKeys.map((key) => formatPct(accuracy?.[key]?.mape)),
    ]),
  );
}

function memberTable(members: readonly MemberCard[]): Markup {
  return table(
    'Facts of each member',
    [
      { label: 'Member' },
      { label: 'Version' },
      { label: 'Fit', numeric: true },
      { label: 'Facts' },
    ],
    members.map((member) => [
      member.name,
      markup`<code>${member.version}</code>`,
      formatDuration(member.fitSeconds),
      member.notFitted !== null
        ? `not fitted: ${member.notFitted}`
        : Object.entries(member.facts)
            .map(
              ([fact, value]) =>
                `${fact}: ${typeof value === 'number' ? formatFact(value) : value}`,
            )
            .join(' · ') || '–',
    ]),
  );
}

function formatFact(value: number): string {
  return Number.isInteger(value) ? String(value).replace('-', '−') : formatCompact(value);
}

function trainingFigures(member: MemberCard, index: number): MarkupValue {
  const curves = member.curves.filter((curve) => curve.points.length > 0);
  if (curves.length === 0) return null;
  const id = (name: string): string => `figure-training-${index}-${name}`;
  const numbers = stepTable(curves.flatMap((curve) => thin(curve.points)));
  const seeds = curves.length > 1 ? ' (one line for each training)' : '';
  const events = curves.flatMap((curve) => curve.events ?? []);
  return markup`<h3>Training of ${member.name}</h3><div class="multiples">
${figure({
  id: id('loss'),
  title: 'Loss',
  note: `training and validation${seeds}; the dot marks the best validation`,
  legend: legend([
    { label: 'training', colour: 'var(--forecast)', shape: 'line' },
    { label: 'validation', colour: 'var(--temperature)', shape: 'line' },
  ]),
  drawing: lossChart(curves),
  numbers,
})}
${figure({ id: id('rate'), title: 'Learning rate', drawing: learningRateChart(curves), numbers })}
${figure({ id: id('norm'), title: 'Gradient norm', note: 'before clipping', drawing: gradientNormChart(curves), numbers })}</div>
${eventList(events)}`;
}

/** Explosions and cuts of the rate, which the curves alone do not explain. */
function eventList(events: readonly TrainingEvent[]): MarkupValue {
  if (events.length === 0) return null;
  return markup`<ul>${events.map((event) => markup`<li>${describeTrainingEvent(event)}</li>`)}</ul>`;
}

function stepTable(points: readonly TrainingStep[]): Markup {
  return table(
    'Training by step (thinned)',
    ['Step', 'Loss', 'Validation loss', 'Learning rate', 'Gradient norm'].map((label) => ({
      label,
      numeric: true,
    })),
    points.map((point) => [
      String(point.step),
      formatCompact(point.loss),
      formatCompact(point.validationLoss),
      formatCompact(point.learningRate),
      formatCompact(point.gradientNorm),
    ]),
  );
}

/** At most some 20 rows a curve, the last always among them, and every validation that fits. */
function thin(points: readonly TrainingStep[]): TrainingStep[] {
  const stride = Math.max(1, Math.ceil(points.length / 20));
  return points.filter((_, index) => index % stride === 0 || index === points.length - 1);
}
