import * as Plot from '@observablehq/plot';
import type { TrainingCurve, TrainingStep } from '../../core/model-card.js';
import type { Markup } from '../markup.js';
import { drawChart } from './draw-chart.js';

type Curves = readonly TrainingCurve[];

/** Training loss (line) and validation loss (dots) of every seed. */
export function lossChart(curves: Curves): Markup {
  const all = curves.flatMap((curve) => curve.points);
  const losses = all.flatMap((point) => [point.loss, point.validationLoss ?? point.loss]);
  return curveChart('Loss by training step', 'Loss', losses, [
    ...curves.map((curve, seed) => line(curve, (point) => point.loss, seed)),
    ...curves.flatMap((curve) => validation(curve)),
  ]);
}

export function learningRateChart(curves: Curves): Markup {
  return quantityChart(
    'Learning rate by training step',
    'Learning rate',
    curves,
    (point) => point.learningRate,
  );
}

export function gradientNormChart(curves: Curves): Markup {
  return quantityChart(
    'Gradient norm by training step',
    'Gradient norm',
    curves,
    (point) => point.gradientNorm,
  );
}

function quantityChart(
  name: string,
  label: string,
  curves: Curves,
  quantity: (point: TrainingStep) => number,
): Markup {
  return curveChart(
    name,
    label,
    [0],
    curves.map((curve, seed) => line(curve, quantity, seed)),
  );
}

/** Losses fall over orders of magnitude at first: a logarithmic scale where all are positive. */
function curveChart(
  name: string,
  label: string,
  scaled: readonly number[],
  marks: Plot.Markish[],
): Markup {
  const logarithmic = scaled.every((value) => value > 0);
  return drawChart(name, {
    width: 340,
    height: 180,
    marginLeft: 58,
    marginBottom: 38,
    marginTop: 26,
    x: { label: 'Training step', labelAnchor: 'center', labelArrow: 'none', ticks: 5 },
    y: {
      type: logarithmic ? 'log' : 'linear',
      label,
      labelArrow: 'none',
      grid: true,
      ticks: 4,
      tickFormat: (tick: number) => String(Number(tick.toPrecision(3))),
    },
    marks,
  });
}

function line(
  curve: TrainingCurve,
  quantity: (point: TrainingStep) => number,
  seed: number,
): Plot.Markish {
  return Plot.lineY(curve.points, {
    x: 'step',
    y: quantity,
    stroke: 'var(--forecast)',
    strokeWidth: 1.5,
    ...(seed > 0 ? { strokeDasharray: '4 3' } : {}),
  });
}

function validation(curve: TrainingCurve): Plot.Markish[] {
  const validated = curve.points.filter((point) => point.validationLoss !== null);
  const best = validated.filter((point) => point.step === curve.bestStep);
  return [
    Plot.lineY(validated, {
      x: 'step',
      y: 'validationLoss',
      stroke: 'var(--temperature)',
      strokeWidth: 1.5,
    }),
    Plot.dot(best, { x: 'step', y: 'validationLoss', fill: 'var(--temperature)', r: 4 }),
  ];
}
