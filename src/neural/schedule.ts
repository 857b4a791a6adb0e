import { LoadcastError } from '../core/errors.js';

/** How the learning rate goes from its start to the end of a training. */
export type ScheduleOptions =
  | { readonly kind: 'constant' }
  /** a linear rise over this share of the steps, then a cosine to zero (Loshchilov & Hutter 2017) */
  | { readonly kind: 'cosine'; readonly warmupShare: number }
  /** cut by `factor` after `patience` validations without gain, and again, never below `leastRate` */
  | {
      readonly kind: 'plateau';
      readonly factor: number;
      readonly patience: number;
      readonly leastRate: number;
    };

/** What a plateau schedule remembers. */
export interface Plateau {
  /** product of all cuts so far */
  readonly factor: number;
  /** null before the first validation */
  readonly leastLoss: number | null;
  readonly checksWithoutGain: number;
}

export const initialPlateau: Plateau = { factor: 1, leastLoss: null, checksWithoutGain: 0 };

/**
 * The learning rate of a step.
 * @param startRate rate that the schedule is a share of
 * @param step      from 0
 */
export function learningRateAt(
  schedule: ScheduleOptions,
  startRate: number,
  step: number,
  steps: number,
  plateau: Plateau,
): number {
  if (schedule.kind === 'constant') return startRate;
  if (schedule.kind === 'cosine')
    return startRate * cosineFactor(step, steps, schedule.warmupShare);
  // a start below the least rate is left as it is
  return Math.max(startRate * plateau.factor, Math.min(startRate, schedule.leastRate));
}

/** The plateau after one more validation; other schedules learn nothing from it. */
export function afterValidation(
  schedule: ScheduleOptions,
  plateau: Plateau,
  validationLoss: number,
): Plateau {
  if (schedule.kind !== 'plateau') return plateau;
  if (plateau.leastLoss === null || validationLoss < plateau.leastLoss)
    return { ...plateau, leastLoss: validationLoss, checksWithoutGain: 0 };
  const checksWithoutGain = plateau.checksWithoutGain + 1;
  if (checksWithoutGain < schedule.patience) return { ...plateau, checksWithoutGain };
  return { ...plateau, factor: plateau.factor * schedule.factor, checksWithoutGain: 0 };
}

/** @throws LoadcastError INVALID_INPUT naming the option at fault */
export function validateSchedule(schedule: ScheduleOptions, hasValidation: boolean): void {
  if (schedule.kind === 'cosine') {
    const { warmupShare } = schedule;
    if (!(warmupShare >= 0 && warmupShare < 1))
      refuse(`warmupShare must lie in [0, 1), is ${warmupShare}.`);
  }
  if (schedule.kind === 'plateau') {
    const { factor, patience, leastRate } = schedule;
    if (!hasValidation) refuse('plateau needs a validation batch to act on.');
    if (!(factor > 0 && factor < 1)) refuse(`factor must lie in (0, 1), is ${factor}.`);
    if (!(Number.isInteger(patience) && patience > 0))
      refuse(`patience must be a whole number from 1, is ${patience}.`);
    if (!(leastRate >= 0)) refuse(`leastRate must be 0 or more, is ${leastRate}.`);
  }
}

function cosineFactor(step: number, steps: number, warmupShare: number): number {
  const warmup = Math.round(warmupShare * steps);
  if (step < warmup) return (step + 1) / warmup;
  return 0.5 * (1 + Math.cos((Math.PI * (step - warmup)) / Math.max(1, steps - warmup)));
}

function refuse(problem: string): never {
  throw new LoadcastError('INVALID_INPUT', `Training schedule: ${problem}`);
}
