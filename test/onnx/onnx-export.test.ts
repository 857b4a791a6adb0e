import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { initialiseBackend } from '../../src/neural/backend.js';
import { onnxModel } from '../../src/neural/export/onnx.js';
import { createSeq2SeqPredictor } from '../../src/neural/predictor.js';
import {
  describeNetwork,
  largestDifference,
  networks,
  plainOutputs,
  smallNetwork,
  someInputs,
  someParameters,
} from '../neural/export/exported-networks.js';
import { noOnnxruntime, openOnnx } from './onnxruntime.js';

const tolerance = 1e-4;
const servedNetwork = {
  ...smallNetwork,
  encoderSteps: 168,
  decoderSteps: 72,
  encoderFeatures: 8,
  decoderFeatures: 29,
  units: 32,
  headUnits: 64,
  outputs: 7,
};

const skipped = noOnnxruntime === null ? '' : ` (skipped: ${noOnnxruntime})`;
describe.skipIf(noOnnxruntime !== null)(`onnxruntime on the export${skipped}`, () => {
  beforeAll(async () => {
    await initialiseBackend();
  });

  test.each([...networks, servedNetwork].map((network) => [describeNetwork(network), network]))(
    'forecasts as we and plain TensorFlow.js do: %s',
    async (_, network) => {
      const parameters = someParameters(network);
      const session = await openOnnx(onnxModel(network, parameters), network);
      expect(session.inputNames).toEqual(['encoder', 'decoder']);
      expect(session.outputNames).toEqual(['outputs']);
      // Any batch: the file fixes none.
      for (const rows of [1, 3]) {
        const inputs = someInputs(network, rows);
        const { data, dims } = await session.run(inputs.encoder, inputs.decoder, rows);
        expect(dims).toEqual([rows, network.decoderSteps, network.outputs]);
        const plain = await plainOutputs(network, parameters, inputs, rows);
        expect(largestDifference(data, plain)).toBeLessThan(tolerance);
        await tf.setBackend('wasm');
        const predictor = createSeq2SeqPredictor(network, parameters);
        expect(largestDifference(data, predictor.predict(inputs, rows))).toBeLessThan(tolerance);
        predictor.dispose();
      }
      await session.release();
    },
  );

  test('differs where a weight differs, so that the comparison can fail', async () => {
    const parameters = someParameters(smallNetwork);
    const inputs = someInputs(smallNetwork, 1);
    const plain = await plainOutputs(smallNetwork, parameters, inputs, 1);
    for (const at of [0, 500, parameters.length - 1]) {
      const changed = parameters.slice();
      changed[at]! += 0.5;
      const session = await openOnnx(onnxModel(smallNetwork, changed), smallNetwork);
      const { data } = await session.run(inputs.encoder, inputs.decoder, 1);
      expect(largestDifference(data, plain)).toBeGreaterThan(tolerance);
      await session.release();
    }
  });
});
