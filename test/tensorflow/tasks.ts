import { tensorflowLstmSequence } from '../../src/neural/engines/tensorflow-lstm.js';
import type { Compute, Values } from '../neural/reference.js';

/** Asked of the thread that TensorFlow runs in: values and gradients of the LSTM. */
export interface Task {
  /** the inputs, then weights, bias, h0 and c0 */
  readonly tensors: readonly Values[];
  readonly order: 'forward' | 'reversed';
  /** how often to do it */
  readonly repeat: number;
}

export interface TaskResult {
  readonly outputs: Float32Array[];
  readonly gradients: Float32Array[];
  /** tensors that are there after the last time and were not after the first */
  readonly leakedTensors: number;
}

export function fusedLstm(order: 'forward' | 'reversed'): Compute {
  return (...tensors) => {
    const [weights, bias, h0, c0] = tensors.slice(-4);
    if (!weights || !bias || !h0 || !c0) throw new RangeError('An LSTM has four parameters.');
    const { outputs, h, c } = tensorflowLstmSequence(
      tensors.slice(0, -4),
      weights,
      bias,
      h0,
      c0,
      order,
    );
    return [outputs, h, c];
  };
}
