import { createRequire } from 'node:module';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import type { Seq2SeqOptions } from '../../src/neural/seq2seq-options.js';
import type { TfjsLayersFiles } from '../../src/neural/export/tfjs-layers.js';
import { openOnnx } from '../../test/onnx/onnxruntime.js';

/** Serves one network on one runtime, in a thread of its own: whose kernels are registered here concerns nobody else. */

export type Runtime = 'ours' | 'tfjsWasm' | 'tfjsCpu' | 'onnxruntime';

export interface ServedNetwork {
  readonly runtime: Runtime;
  readonly network: Seq2SeqOptions;
  readonly parameters: Float32Array;
  readonly onnx: Uint8Array;
  readonly tfjs: TfjsLayersFiles;
}

export interface Served {
  readonly milliseconds: number;
  readonly outputs: Float32Array;
}

export interface ServingInputs {
  readonly encoder: Float32Array;
  readonly decoder: Float32Array;
}

type Forward = (inputs: ServingInputs) => Promise<Float32Array> | Float32Array;

const served: ServedNetwork = workerData;
const forward = await starts(served.runtime)();
parentPort?.on('message', (inputs: ServingInputs) => {
  void time(inputs);
});

async function time(inputs: ServingInputs): Promise<void> {
  const startedMs = performance.now();
  const outputs = await forward(inputs);
  const reply: Served = { milliseconds: performance.now() - startedMs, outputs: outputs.slice() };
  // the empty list of transfers tells this from a window's postMessage
  parentPort?.postMessage(reply, []);
}

function starts(runtime: Runtime): () => Promise<Forward> {
  const runtimes: Record<Runtime, () => Promise<Forward>> = {
    ours: async () => {
      const { initialiseBackend } = await import('../../src/neural/backend.js');
      const { createSeq2SeqPredictor } = await import('../../src/neural/predictor.js');
      await initialiseBackend();
      const predictor = createSeq2SeqPredictor(served.network, served.parameters);
      return (inputs) => predictor.predict(inputs, 1);
    },
    tfjsWasm: async () => {
      const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
      const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
      setWasmPaths(`${path.dirname(entry)}${path.sep}`);
      await tf.setBackend('wasm');
      return layersModel();
    },
    tfjsCpu: async () => {
      await import('@tensorflow/tfjs-backend-cpu');
      await tf.setBackend('cpu');
      return layersModel();
    },
    onnxruntime: async () => {
      const session = await openOnnx(served.onnx, served.network);
      return async ({ encoder, decoder }) => (await session.run(encoder, decoder, 1)).data;
    },
  };
  return runtimes[runtime];
}

/** The exported model, loaded as anybody would. */
async function layersModel(): Promise<Forward> {
  const { modelJson, weightsBin } = served.tfjs;
  const artifacts = await tf.io.getModelArtifactsForJSON(modelJson, async (groups) => [
    groups.flatMap(({ weights }) => weights),
    new Uint8Array(weightsBin).buffer,
  ]);
  const model = await loadLayersModel(tf.io.fromMemory(artifacts));
  const { encoderSteps, encoderFeatures, decoderSteps, decoderFeatures } = served.network;
  return ({ encoder, decoder }) => {
    const feeds = [
      tf.tensor(encoder, [1, encoderSteps, encoderFeatures]),
      tf.tensor(decoder, [1, decoderSteps, decoderFeatures]),
    ];
    const outputs = model.predict(feeds);
    if (Array.isArray(outputs)) throw new Error('The model has more than one output.');
    const values = outputs.dataSync<'float32'>();
    tf.dispose([...feeds, outputs]);
    return values;
  };
}
