import { describe, expect, test } from 'vitest';
import {
  afterValidation,
  initialPlateau,
  learningRateAt,
  validateSchedule,
  type ScheduleOptions,
} from '../../src/neural/schedule.js';

const rate = (schedule: ScheduleOptions, step: number, steps = 100): number =>
  learningRateAt(schedule, 1, step, steps, initialPlateau);

test('a constant rate stays', () => {
  expect([0, 50, 99].map((step) => rate({ kind: 'constant' }, step))).toEqual([1, 1, 1]);
});

test('the cosine rises in a line, then falls towards zero', () => {
  const cosine: ScheduleOptions = { kind: 'cosine', warmupShare: 0.1 };
  expect([0, 1, 9, 10].map((step) => rate(cosine, step))).toEqual([0.1, 0.2, 1, 1]);
  expect(rate(cosine, 55)).toBeCloseTo(0.5);
  expect(rate(cosine, 99)).toBeLessThan(0.001);
  expect(rate({ kind: 'cosine', warmupShare: 0 }, 0, 1)).toBe(1);
  expect(learningRateAt(cosine, 0.006, 4, 100, initialPlateau)).toBeCloseTo(0.003);
});

describe('plateau', () => {
  const plateau: ScheduleOptions = { kind: 'plateau', factor: 0.5, patience: 3, leastRate: 0.1 };
  /** Rates after each validation. */
  const rates = (losses: readonly number[]): number[] => {
    let state = initialPlateau;
    return losses.map((loss) => {
      state = afterValidation(plateau, state, loss);
      return learningRateAt(plateau, 1, 0, 100, state);
    });
  };

  test('is cut after three validations without gain, then after three more', () => {
    expect(rates([5, 4, 4, 4.5, 4.1, 6, 6, 6, 6])).toEqual([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]);
  });

  test('a gain starts the count anew', () => {
    expect(rates([5, 6, 6, 4.9, 6, 6, 6])).toEqual([1, 1, 1, 1, 1, 1, 0.5]);
  });

  test('never falls below the least rate, nor rises to it', () => {
    expect(rates(Array.from({ length: 16 }, () => 5)).at(-1)).toBe(0.1);
    expect(learningRateAt(plateau, 0.05, 0, 100, initialPlateau)).toBe(0.05);
  });
});

test('options out of range are refused by name', () => {
  const refused: [ScheduleOptions, boolean, string][] = [
    [{ kind: 'cosine', warmupShare: 1 }, false, 'warmupShare must lie in [0, 1), is 1'],
    [{ kind: 'plateau', factor: 0.5, patience: 3, leastRate: 0 }, false, 'validation batch'],
    [{ kind: 'plateau', factor: 1, patience: 3, leastRate: 0 }, true, 'factor must lie in (0, 1)'],
    [{ kind: 'plateau', factor: 0.5, patience: 0.5, leastRate: 0 }, true, 'patience'],
    [{ kind: 'plateau', factor: 0.5, patience: 1, leastRate: -1 }, true, 'leastRate'],
  ];
  for (const [schedule, hasValidation, message] of refused)
    expect(() => {
      validateSchedule(schedule, hasValidation);
    }).toThrow(message);
});
