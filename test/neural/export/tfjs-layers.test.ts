import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { tfjsLayersFiles, type TfjsLayersFiles } from '../../../src/neural/export/tfjs-layers.js';
import { parameterLayout } from '../../../src/neural/parameter-layout.js';
import type { Seq2SeqOptions } from '../../../src/neural/seq2seq.js';
import {
  describeNetwork,
  largestDifference,
  networks,
  plainOutputs,
  smallNetwork,
  someInputs,
  someParameters,
  type NetworkInputs,
} from './exported-networks.js';

const tolerance = 1e-5;

beforeEach(async () => {
  await tf.setBackend('cpu');
});

describe.each(networks.map((network) => [describeNetwork(network), network] as const))(
  'the model of %s',
  (_, network) => {
    test('loads by itself and forecasts as plain operators do, whatever the batch', async () => {
      const parameters = someParameters(network);
      const files = await tfjsLayersFiles(network, parameters);
      for (const rows of [1, 3]) {
        const inputs = someInputs(network, rows);
        const loaded = await outputsOf(files, network, inputs, rows);
        const plain = await plainOutputs(network, parameters, inputs, rows);
        expect(largestDifference(loaded, plain)).toBeLessThan(tolerance);
      }
    });
  },
);

test('a weight that differs is seen', async () => {
  const parameters = someParameters(smallNetwork);
  const inputs = someInputs(smallNetwork, 1);
  const plain = await plainOutputs(smallNetwork, parameters, inputs, 1);
  for (const at of [0, 500, parameters.length - 1]) {
    const changed = parameters.slice();
    changed[at]! += 0.5;
    const files = await tfjsLayersFiles(smallNetwork, changed);
    const loaded = await outputsOf(files, smallNetwork, inputs, 1);
    expect(largestDifference(loaded, plain)).toBeGreaterThan(tolerance);
  }
});

test('model.json names the weights beside it, which hold every parameter once', async () => {
  const { modelJson, weightsBin } = await tfjsLayersFiles(
    smallNetwork,
    someParameters(smallNetwork),
  );
  expect(modelJson.format).toBe('layers-model');
  expect(modelJson.weightsManifest.map(({ paths }) => paths)).toEqual([['weights.bin']]);
  expect(weightsBin.byteLength).toBe(4 * parameterLayout(smallNetwork).size);
});

test('the same network gives the same bytes, however often, and leaves no tensor and no warning', async () => {
  const network: Seq2SeqOptions = { ...smallNetwork, layers: 2, bidirectionalEncoder: true };
  const warn = vi.spyOn(console, 'warn');
  const before = tf.memory().numTensors;
  const [first, second] = [
    await tfjsLayersFiles(network, someParameters(network)),
    await tfjsLayersFiles(network, someParameters(network)),
  ];
  expect(tf.memory().numTensors).toBe(before);
  expect(warn.mock.calls).toEqual([]);
  expect(JSON.stringify(first.modelJson)).toBe(JSON.stringify(second.modelJson));
  expect(first.weightsBin).toEqual(second.weightsBin);
});

test('parameters of another network are refused with both numbers', async () => {
  const { size } = parameterLayout(smallNetwork);
  await expect(tfjsLayersFiles(smallNetwork, new Float32Array(3))).rejects.toThrow(
    `This network has ${size} parameters, got 3.`,
  );
});

/** As anybody loads it: from the text of model.json and the bytes of weights.bin. */
async function outputsOf(
  files: TfjsLayersFiles,
  network: Seq2SeqOptions,
  inputs: NetworkInputs,
  rows: number,
): Promise<Float32Array> {
  const json: tf.io.ModelJSON = JSON.parse(JSON.stringify(files.modelJson));
  const artifacts = await tf.io.getModelArtifactsForJSON(json, async (manifest) => [
    manifest.flatMap(({ weights }) => weights),
    files.weightsBin.slice().buffer,
  ]);
  const model = await loadLayersModel(tf.io.fromMemory(artifacts));
  const { encoderSteps, encoderFeatures, decoderSteps, decoderFeatures } = network;
  const feeds = [
    tf.tensor(inputs.encoder, [rows, encoderSteps, encoderFeatures]),
    tf.tensor(inputs.decoder, [rows, decoderSteps, decoderFeatures]),
  ];
  const outputs = model.predict(feeds);
  if (Array.isArray(outputs)) throw new Error('The model has more than one output.');
  expect(outputs.shape).toEqual([rows, decoderSteps, network.outputs]);
  const values = await outputs.data<'float32'>();
  tf.dispose([...feeds, outputs]);
  model.dispose();
  return values;
}
