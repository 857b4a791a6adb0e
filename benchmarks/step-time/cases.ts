import type { LossOptions } from '../../src/neural/losses.js';
import type { Seq2SeqOptions } from '../../src/neural/seq2seq-options.js';

/** One network whose training step is timed. */
export interface Case {
  readonly name: string;
  readonly batchRows: number;
  readonly network: Seq2SeqOptions;
  readonly loss: LossOptions;
  /** largest ratio to PyTorch that is aimed at */
  readonly aim: number;
}

/** The network of the LSTM member: recipe A of docs/accuracy.md. */
export const recipeA: Case = {
  name: 'recipe A',
  batchRows: 64,
  network: {
    encoderSteps: 168,
    decoderSteps: 72,
    encoderFeatures: 8,
    decoderFeatures: 29,
    units: 32,
    layers: 1,
    headUnits: 64,
    outputs: 7,
    dropout: 0.1,
    attention: true,
    bidirectionalEncoder: false,
    bidirectionalDecoder: true,
    normalisation: 'none',
  },
  loss: { kind: 'pinball', levels: [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95] },
  aim: 0.9,
};

/** Encoder and decoder alone, with hardly a head: the LSTM kernels. */
const grid: readonly Case[] = [1, 2].flatMap((layers) =>
  [64, 256].flatMap((batchRows) =>
    [32, 64, 128].map((units) => ({
      name: `${batchRows} rows, ${units} units, ${layers} layer${layers > 1 ? 's' : ''}`,
      batchRows,
      network: {
        encoderSteps: 168,
        decoderSteps: 72,
        encoderFeatures: 16,
        decoderFeatures: 12,
        units,
        layers,
        headUnits: 1,
        outputs: 1,
        dropout: 0,
        attention: false,
        bidirectionalEncoder: false,
        bidirectionalDecoder: false,
        normalisation: 'none' as const,
      },
      loss: { kind: 'mae' as const },
      aim: units === 64 || batchRows === 256 ? 0.8 : 0.95,
    })),
  ),
);

export const cases: readonly Case[] = [recipeA, ...grid];

/** Steps that are not timed, about a second of them: code is compiled and memory found in that time. */
export function warmupSteps({ batchRows, network: { units, layers } }: Case): number {
  return Math.min(80, Math.max(5, Math.ceil(400_000 / (batchRows * units * layers))));
}
