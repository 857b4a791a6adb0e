import { performance } from 'node:perf_hooks';
import type { TrainingStep } from '../../core/model-card.js';
import { describeTrainingEvent, type TrainingEvent } from '../../core/training-event.js';
import type { TaskProgress } from '../../core/task-progress.js';

export type Report = (progress: TaskProgress) => void;

/** What fits call as they go on; each call becomes a line of progress with the time that is left. */
export interface TrainingReporter {
  readonly onPhase: (phase: string) => void;
  readonly onStep: (member: string, step: TrainingStep) => void;
  readonly onEvent: (member: string, event: TrainingEvent) => void;
  /** something that happened to no member in particular */
  readonly note: (text: string) => void;
}

export function trainingReporter(report: Report): TrainingReporter {
  let phase = '';
  let first = { step: Infinity, atMs: 0 };
  let notes: Record<string, string> = {};
  return {
    onPhase(name) {
      phase = name;
      first = { step: Infinity, atMs: 0 };
      notes = {};
      report({ phase });
    },
    onStep(member, step) {
      // the first one told, which is a later one where a training goes on, and is told again where it starts again
      if (step.step <= first.step) first = { step: step.step, atMs: performance.now() };
      const done = step.step - first.step;
      const perStepMs = (performance.now() - first.atMs) / done;
      const said = notes[member];
      report({
        phase,
        member,
        ...step,
        ...(done > 0 ? { secondsLeft: ((step.steps - step.step) * perStepMs) / 1000 } : {}),
        ...(said === undefined ? {} : { note: said }),
      });
    },
    onEvent(member, event) {
      const text = describeTrainingEvent(event);
      notes[member] = text;
      report({ phase, member, note: text });
    },
    note(text) {
      report({ phase, note: text });
    },
  };
}
