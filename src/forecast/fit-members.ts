import type { CheckpointSlots } from '../core/checkpoint-slot.js';
import { LoadcastError, messageOf } from '../core/errors.js';
import type { TrainingStep } from '../core/model-card.js';
import type { TrainingEvent } from '../core/training-event.js';
import type { FeatureTable } from '../features/feature-table.js';
import type { FitOptions, FittedMember, Member, SavedMember } from '../models/member.js';

export interface FitMembersOptions {
  readonly members: readonly Member[];
  readonly seed: number;
  readonly threads: number;
  readonly engine?: FitOptions['engine'];
  readonly validationStart: number | null;
  readonly excluded?: FitOptions['excluded'];
  /** local clock times at which forecasts will be issued, such as `00:00`, and how long loads take to come */
  readonly issueTimes: readonly string[];
  readonly loadDelayHours: number;
  /** training steps by member name, from an earlier split run */
  readonly steps: Readonly<Record<string, number | null>>;
  /** models to start from, each for the member of its name */
  readonly previous?: readonly SavedMember[];
  readonly checkpoints?: CheckpointSlots;
  readonly onStep?: (member: string, step: TrainingStep) => void;
  readonly onEvent?: (member: string, event: TrainingEvent) => void;
  readonly shouldStop?: () => boolean;
  /** for the model card only; time is an argument */
  readonly elapsedSeconds?: () => number;
}

export interface FittedMembers {
  readonly fitted: readonly FittedMember[];
  readonly seconds: Readonly<Record<string, number>>;
  /** members that could not be fitted, with the reason */
  readonly failures: Readonly<Record<string, string>>;
}

/**
 * Fits every member on one table, one after the other. A member that cannot be fitted is named with its reason and
 * the others go on; a training that was asked to stop ends at once.
 * @throws {LoadcastError} CANCELLED
 */
export async function fitMembers(
  table: FeatureTable,
  options: FitMembersOptions,
): Promise<FittedMembers> {
  const fitted: FittedMember[] = [];
  const seconds: Record<string, number> = {};
  const failures: Record<string, string> = {};
  for (const member of options.members) {
    const previous = options.previous?.find((model) => model.name === member.name);
    const startedAt = options.elapsedSeconds?.() ?? 0;
    try {
      fitted.push(
        await member.fit(table, {
          seed: options.seed,
          threads: options.threads,
          ...(options.engine ? { engine: options.engine } : {}),
          validationStart: options.validationStart,
          loadEndHours: loadEndHours(options),
          ...(options.excluded ? { excluded: options.excluded } : {}),
          steps: options.steps[member.name] ?? null,
          onStep: (step) => options.onStep?.(member.name, step),
          onEvent: (event) => options.onEvent?.(member.name, event),
          ...(previous ? { previous } : {}),
          ...(options.checkpoints ? { checkpoints: options.checkpoints } : {}),
          ...(options.shouldStop ? { shouldStop: options.shouldStop } : {}),
        }),
      );
    } catch (error) {
      if (error instanceof LoadcastError && error.code === 'CANCELLED') {
        for (const earlier of fitted) earlier.dispose();
        throw error;
      }
      failures[member.name] = messageOf(error);
    }
    seconds[member.name] = (options.elapsedSeconds?.() ?? 0) - startedAt;
  }
  return { fitted, seconds, failures };
}

/** Hours of the day at which the known loads end, in the order of the issue times. */
function loadEndHours({
  issueTimes,
  loadDelayHours,
}: Pick<FitMembersOptions, 'issueTimes' | 'loadDelayHours'>): number[] {
  const hours = issueTimes.map((time) => Number(time.slice(0, 2)) - (loadDelayHours % 24));
  return [...new Set(hours.map((hour) => (hour + 24) % 24))];
}
