import type { Operators } from '../operators/operators.js';
import { plainOperators } from '../operators/plain-operators.js';
import { loadTensorflow } from './tensorflow-library.js';
import { registerTensorflowLstm, tensorflowLstmSequence } from './tensorflow-lstm.js';

let started = false;

/** TensorFlow's own LSTM, and TensorFlow.js's plain operators on TensorFlow for the rest. */
export function startTensorflow(folder: string): Operators {
  const backend = loadTensorflow(folder);
  if (!started) registerTensorflowLstm(backend);
  started = true;
  return { ...plainOperators, lstmSequence: tensorflowLstmSequence };
}
