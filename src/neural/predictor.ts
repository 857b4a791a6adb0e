import * as tf from '@tensorflow/tfjs-core';
import { LoadcastError } from '../core/errors.js';
import { fusedOperators } from './operators/fused/fused-operators.js';
import type { Operators } from './operators/operators.js';
import { parameterLayout } from './parameter-layout.js';
import { namedParameters, seq2seq, unpackParameters } from './seq2seq.js';
import type { Seq2SeqOptions } from './seq2seq-options.js';

export interface Seq2SeqPredictor {
  /**
   * @param batch encoder (rows, encoderSteps, encoderFeatures) and decoder (rows, decoderSteps, decoderFeatures),
   *              row-major; rows after the first `rows` are ignored
   * @returns (rows, decoderSteps, outputs), row-major
   * @throws LoadcastError INVALID_INPUT if an array is too short
   */
  predict(
    batch: { readonly encoder: Float32Array; readonly decoder: Float32Array },
    rows: number,
  ): Float32Array;
  dispose(): void;
}

/**
 * A trained network, ready to serve: its parameters stay on the backend until `dispose`. Its engine must be started.
 * @param operators those of the engine
 * @throws LoadcastError INVALID_INPUT if the parameters do not fit the network
 */
export function createSeq2SeqPredictor(
  network: Seq2SeqOptions,
  parameters: Float32Array,
  operators: Operators = fusedOperators,
): Seq2SeqPredictor {
  const layout = parameterLayout(network);
  if (parameters.length !== layout.size) {
    throw new LoadcastError(
      'INVALID_INPUT',
      `This network has ${layout.size} parameters, got ${parameters.length}.`,
    );
  }
  const tensors = unpackParameters(layout, parameters);
  const named = namedParameters(layout, tensors);
  return {
    predict: (batch, rows) =>
      tf.tidy(() => {
        const { encoderSteps, encoderFeatures, decoderSteps, decoderFeatures } = network;
        const inputs = {
          encoder: rowsOf(batch.encoder, 'encoder', rows, encoderSteps, encoderFeatures),
          decoder: rowsOf(batch.decoder, 'decoder', rows, decoderSteps, decoderFeatures),
          training: null,
        };
        return seq2seq(operators, network, named, inputs).dataSync<'float32'>();
      }),
    dispose: () => {
      tf.dispose(tensors);
    },
  };
}

function rowsOf(
  values: Float32Array,
  name: string,
  rows: number,
  steps: number,
  features: number,
): tf.Tensor {
  const needed = rows * steps * features;
  if (!(Number.isInteger(rows) && rows > 0) || values.length < needed) {
    throw new LoadcastError(
      'INVALID_INPUT',
      `${name}: ${rows} rows of ${steps} × ${features} need ${needed} values, have ${values.length}.`,
    );
  }
  return tf.tensor3d(values.slice(0, needed), [rows, steps, features], 'float32');
}
