import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Seq2SeqOptions } from '../../src/neural/seq2seq-options.js';

/** Where `npm run test:onnx` puts onnxruntime-node: 291 MB that nothing but the check of exports needs. */
export const onnxruntimeFolder =
  process.env['LOADCAST_ONNXRUNTIME'] ??
  path.resolve(import.meta.dirname, '../../node_modules/.cache/loadcast/onnxruntime');

const installed = existsSync(path.join(onnxruntimeFolder, 'node_modules', 'onnxruntime-node'));
const required = (process.env['LOADCAST_REQUIRE'] ?? '').split(/[\s,]+/).includes('onnxruntime');

/**
 * Why tests with onnxruntime are skipped, or null where they run. With LOADCAST_REQUIRE=onnxruntime they run and fail
 * instead.
 */
export const noOnnxruntime: string | null =
  required || installed
    ? null
    : `no onnxruntime-node in ${onnxruntimeFolder}: \`npm run test:onnx\` installs it`;

/** The little of onnxruntime-node that is used here. */
interface Onnxruntime {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: object): Promise<Session>;
  };
  readonly Tensor: new (type: 'float32', values: Float32Array, dims: readonly number[]) => Tensor;
}
interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}
interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** @returns `outputs` with its shape */
  run(encoder: Float32Array, decoder: Float32Array, rows: number): Promise<Tensor>;
  release(): Promise<void>;
}

/** A session of one thread over an exported network. */
export async function openOnnx(bytes: Uint8Array, network: Seq2SeqOptions): Promise<OnnxSession> {
  const require = createRequire(path.join(onnxruntimeFolder, 'package.json'));
  const { InferenceSession, Tensor }: Onnxruntime = require('onnxruntime-node');
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const { encoderSteps, encoderFeatures, decoderSteps, decoderFeatures } = network;
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(encoder, decoder, rows) {
      const { outputs } = await session.run({
        encoder: new Tensor('float32', encoder, [rows, encoderSteps, encoderFeatures]),
        decoder: new Tensor('float32', decoder, [rows, decoderSteps, decoderFeatures]),
      });
      if (!outputs) throw new Error('The model has no output "outputs".');
      return outputs;
    },
    release: () => session.release(),
  };
}
