import type { Operators, StepOrder } from '../../src/neural/operators/operators.js';
import type { Seq2SeqOptions } from '../../src/neural/seq2seq.js';
import type { Compute, Values } from '../neural/reference.js';
import { trainingRun } from '../neural/training-run.js';

/** Asked of the thread that TensorFlow runs in: values and gradients of an LSTM or of the whole network. */
export interface Task {
  readonly tensors: readonly Values[];
  /** an LSTM read in this order, or the network */
  readonly what: StepOrder | Seq2SeqOptions;
  /** how often to do it */
  readonly repeat: number;
}

export interface TaskResult {
  readonly outputs: Float32Array[];
  readonly gradients: Float32Array[];
  /** tensors that are there after the last time and were not after the first */
  readonly leakedTensors: number;
}

/** The same on each engine; an LSTM's tensors are its inputs, then weights, bias, h0 and c0. */
export function computeOf({ what }: Pick<Task, 'what'>, operators: Operators): Compute {
  if (typeof what === 'object') return trainingRun(what).compute(operators);
  return (...tensors) => {
    const [weights, bias, h0, c0] = tensors.slice(-4);
    if (!weights || !bias || !h0 || !c0) throw new RangeError('An LSTM has four parameters.');
    const inputs = tensors.slice(0, -4);
    const { outputs, h, c } = operators.lstmSequence(inputs, weights, bias, h0, c0, what);
    return [outputs, h, c];
  };
}
