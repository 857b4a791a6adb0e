/** What happened to a training besides its steps. Steps count from 1, as in its curve. */
export type TrainingEvent =
  /** the gradient exploded, or gradient or loss were not finite: NaN */
  | {
      readonly kind: 'exploded';
      readonly step: number;
      readonly gradientNorm: number;
      /** of the healthy steps before; NaN at the first step */
      readonly medianNorm: number;
      readonly loss: number;
      readonly learningRate: number;
      /** the rate that a new start begins with; null if there is none */
      readonly retryRate: number | null;
    }
  /** validation no longer gained, and the rate was cut */
  | { readonly kind: 'plateau'; readonly step: number; readonly learningRate: number }
  /** went on from a checkpoint */
  | { readonly kind: 'resumed'; readonly step: number }
  /** a checkpoint was left aside, and the training started anew */
  | { readonly kind: 'checkpoint refused'; readonly reason: string };

/** One line for a person. */
export function describeTrainingEvent(event: TrainingEvent): string {
  if (event.kind === 'resumed') return `resumed at step ${event.step}`;
  if (event.kind === 'checkpoint refused')
    return `checkpoint not used, started anew: ${event.reason}`;
  if (event.kind === 'plateau')
    return `no gain in validation by step ${event.step}: rate cut to ${event.learningRate.toExponential(1)}`;
  const { step, gradientNorm, medianNorm, loss, learningRate, retryRate } = event;
  const median = Number.isNaN(medianNorm) ? '' : `, median before ${medianNorm.toPrecision(3)}`;
  const next =
    retryRate === null ? 'given up' : `started again at rate ${retryRate.toExponential(1)}`;
  return (
    `exploded at step ${step} with rate ${learningRate.toExponential(1)} ` +
    `(gradient norm ${numberText(gradientNorm)}${median}, loss ${numberText(loss)}): ${next}`
  );
}

function numberText(value: number): string {
  return Number.isNaN(value) ? 'not finite' : value.toPrecision(3);
}
