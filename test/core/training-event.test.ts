import { expect, test } from 'vitest';
import { describeTrainingEvent, type TrainingEvent } from '../../src/core/training-event.js';

const exploded: TrainingEvent = {
  kind: 'exploded',
  step: 6,
  gradientNorm: 280.4,
  medianNorm: 2.06,
  loss: 86.48,
  learningRate: 0.01,
  retryRate: 0.005,
};

test.each<[TrainingEvent, string]>([
  [
    exploded,
    'exploded at step 6 with rate 1.0e-2 (gradient norm 280, median before 2.06, loss 86.5): started again at rate 5.0e-3',
  ],
  [
    { ...exploded, gradientNorm: NaN, medianNorm: NaN, retryRate: null },
    'exploded at step 6 with rate 1.0e-2 (gradient norm not finite, loss 86.5): given up',
  ],
  [
    { kind: 'plateau', step: 80, learningRate: 0.003 },
    'no gain in validation by step 80: rate cut to 3.0e-3',
  ],
  [{ kind: 'resumed', step: 40 }, 'resumed at step 40'],
  [
    { kind: 'checkpoint refused', reason: 'it is of another training.' },
    'checkpoint not used, started anew: it is of another training.',
  ],
])('%j in words', (event, words) => {
  expect(describeTrainingEvent(event)).toBe(words);
});
