import { LoadcastError } from '../core/errors.js';
import { requireUnits } from './operators/lstm-sequence.js';

/** Sizes and parts of the network; with a seed they fix everything about an untrained one. */
export interface Seq2SeqOptions {
  readonly encoderSteps: number;
  readonly decoderSteps: number;
  readonly encoderFeatures: number;
  readonly decoderFeatures: number;
  /** LSTM units, a multiple of 16 */
  readonly units: number;
  /** width of the hidden layer between the decoder's state and the outputs */
  readonly headUnits: number;
  /** values per step: one per quantile level */
  readonly outputs: number;
  /** share of the decoder's state that training drops, in [0, 1) */
  readonly dropout: number;
  readonly attention: boolean;
  readonly bidirectionalDecoder: boolean;
}

const LARGEST_SIZE = 65_536;

/** @throws LoadcastError INVALID_INPUT that names the option at fault */
export function validateSeq2SeqOptions(options: Seq2SeqOptions): void {
  requireUnits(options.units);
  const sizes = {
    encoderSteps: options.encoderSteps,
    decoderSteps: options.decoderSteps,
    encoderFeatures: options.encoderFeatures,
    decoderFeatures: options.decoderFeatures,
    units: options.units,
    headUnits: options.headUnits,
    outputs: options.outputs,
  };
  for (const [name, size] of Object.entries(sizes)) {
    if (Number.isInteger(size) && size > 0 && size <= LARGEST_SIZE) continue;
    throw new LoadcastError(
      'INVALID_INPUT',
      `Network option ${name} must be a whole number from 1 to ${LARGEST_SIZE}, is ${size}.`,
    );
  }
  if (!(options.dropout >= 0 && options.dropout < 1)) {
    throw new LoadcastError(
      'INVALID_INPUT',
      `Network option dropout must lie in [0, 1), is ${options.dropout}.`,
    );
  }
}
