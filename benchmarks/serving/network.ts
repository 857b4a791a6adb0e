import { quantileLevels } from '../../src/core/forecast.js';
import { createRandom } from '../../src/core/random.js';
import { featureCounts } from '../../src/models/lstm/inputs.js';
import { defaultRecipe } from '../../src/models/lstm/recipe.js';
import { startEngine } from '../../src/neural/engines/engine.js';
import { onnxModel } from '../../src/neural/export/onnx.js';
import { tfjsLayersFiles } from '../../src/neural/export/tfjs-layers.js';
import { initialParameters } from '../../src/neural/initial-parameters.js';
import type { Seq2SeqOptions } from '../../src/neural/seq2seq-options.js';
import { spawnWorker } from '../../src/threads/spawn-worker.js';
import { openWorkerChannel } from '../../src/threads/worker-channel.js';
import { noOnnxruntime } from '../../test/onnx/onnxruntime.js';
import { medianOf, p99Of } from './quantiles.js';
import type { Runtime, Served, ServedNetwork, ServingInputs } from './network-worker.js';

export interface RuntimeFigures {
  readonly medianMs: number;
  readonly p99Ms: number;
  /** of the files that this runtime needs */
  readonly modelBytes: number;
  /** largest difference of an output from ours, in z-scores */
  readonly largestDifference: number;
}

/**
 * One forecast of the LSTM member's network, batch 1, on one thread: ours, plain TensorFlow.js on the exported
 * LayersModel (its wasm backend and its cpu backend) and onnxruntime on the ONNX export, in turns.
 * @returns figures by runtime; without onnxruntime-node those of the others, and why
 */
export async function measureNetwork(runs: number): Promise<{
  runs: number;
  noOnnxruntime: string | null;
  runtimes: Record<string, RuntimeFigures>;
}> {
  const network: Seq2SeqOptions = {
    encoderSteps: 168,
    decoderSteps: 72,
    ...featureCounts(true),
    ...defaultRecipe.network,
    outputs: quantileLevels.length,
  };
  const parameters = initialParameters(network, 1);
  await startEngine('wasm');
  const tfjs = await tfjsLayersFiles(network, parameters);
  const onnx = onnxModel(network, parameters);
  const bytes: Record<Runtime, number> = {
    ours: parameters.byteLength,
    tfjsWasm: tfjs.weightsBin.byteLength + JSON.stringify(tfjs.modelJson).length,
    tfjsCpu: tfjs.weightsBin.byteLength + JSON.stringify(tfjs.modelJson).length,
    onnxruntime: onnx.byteLength,
  };
  const names: Runtime[] = ['ours', 'tfjsWasm', 'tfjsCpu'];
  if (noOnnxruntime === null) names.push('onnxruntime');
  const contenders = names.map((runtime) => {
    const data: ServedNetwork = { runtime, network, parameters, onnx, tfjs };
    const worker = spawnWorker(new URL('./network-worker.ts', import.meta.url), data);
    const channel = openWorkerChannel<ServingInputs, Served>(worker, runtime);
    return { runtime, channel, timesMs: new Array<number>(), difference: 0 };
  });
  const warmup = Math.min(20, runs);
  for (let run = -warmup; run < runs; run++) {
    const inputs = someInputs(network, run);
    let ours: Float32Array | null = null;
    for (const contender of contenders) {
      const { milliseconds, outputs } = await contender.channel.ask(inputs);
      ours ??= outputs;
      contender.difference = Math.max(contender.difference, largestDifference(outputs, ours));
      if (run >= 0) contender.timesMs.push(milliseconds);
    }
  }
  for (const { channel } of contenders) await channel.close();
  const figures = contenders.map(({ runtime, timesMs, difference }) => [
    runtime,
    {
      medianMs: medianOf(timesMs),
      p99Ms: p99Of(timesMs),
      modelBytes: bytes[runtime],
      largestDifference: difference,
    },
  ]);
  return { runs, noOnnxruntime, runtimes: Object.fromEntries(figures) };
}

function someInputs(network: Seq2SeqOptions, run: number): ServingInputs {
  const random = createRandom('serving', run);
  const values = (length: number): Float32Array =>
    Float32Array.from({ length }, () => random.normal());
  return {
    encoder: values(network.encoderSteps * network.encoderFeatures),
    decoder: values(network.decoderSteps * network.decoderFeatures),
  };
}

function largestDifference(one: Float32Array, other: Float32Array): number {
  return one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i]!)), 0);
}
