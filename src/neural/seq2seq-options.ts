import { LoadcastError } from '../core/errors.js';

/** Sizes and parts of the network; with a seed they fix everything about an untrained one. */
export interface Seq2SeqOptions {
  readonly encoderSteps: number;
  readonly decoderSteps: number;
  readonly encoderFeatures: number;
  readonly decoderFeatures: number;
  /** LSTM units of each layer and direction */
  readonly units: number;
  /** stacked LSTM layers of encoder and decoder, 1–3 */
  readonly layers: number;
  /** width of the hidden layer between the decoder's state and the outputs */
  readonly headUnits: number;
  /** values per step: one per quantile level, or the point alone */
  readonly outputs: number;
  /** share of the state that training drops between layers and before the head, in [0, 1) */
  readonly dropout: number;
  readonly attention: boolean;
  readonly bidirectionalEncoder: boolean;
  readonly bidirectionalDecoder: boolean;
  /** what is done to the outputs of each LSTM layer before the next one, or the head, reads them */
  readonly normalisation: Normalisation;
}

export type Normalisation = 'none' | 'layer' | 'batch';

const LARGEST_SIZE = 65_536;
const LARGEST_UNITS = 1024;
const MOST_LAYERS = 3;

/** @throws LoadcastError INVALID_INPUT that names the option at fault */
export function validateSeq2SeqOptions(options: Seq2SeqOptions): void {
  const largest = { units: LARGEST_UNITS, layers: MOST_LAYERS };
  const sizes = {
    encoderSteps: options.encoderSteps,
    decoderSteps: options.decoderSteps,
    encoderFeatures: options.encoderFeatures,
    decoderFeatures: options.decoderFeatures,
    units: options.units,
    layers: options.layers,
    headUnits: options.headUnits,
    outputs: options.outputs,
  };
  for (const [name, size] of Object.entries(sizes)) {
    const most = name === 'units' || name === 'layers' ? largest[name] : LARGEST_SIZE;
    if (Number.isInteger(size) && size > 0 && size <= most) continue;
    throw new LoadcastError(
      'INVALID_INPUT',
      `Network option ${name} must be a whole number from 1 to ${most}, is ${size}.`,
    );
  }
  if (!(options.dropout >= 0 && options.dropout < 1)) {
    throw new LoadcastError(
      'INVALID_INPUT',
      `Network option dropout must lie in [0, 1), is ${options.dropout}.`,
    );
  }
}

/** The two directions that an LSTM layer may read its steps in. */
export type Direction = 'forward' | 'reversed';

export function directionsOf(bidirectional: boolean): readonly Direction[] {
  return bidirectional ? ['forward', 'reversed'] : ['forward'];
}
