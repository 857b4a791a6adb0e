import { validateSeq2SeqOptions, type Seq2SeqOptions } from './seq2seq-options.js';

/** The parameters of the network; which exist depends on the options. */
export type ParameterName =
  | `${'encoder' | 'decoder' | 'decoderReversed'}.${'weights' | 'bias'}`
  | 'query.weights'
  | `${'combine' | 'hidden' | 'output'}.${'weights' | 'bias'}`;

/** Where one parameter stands in the packed array. */
export interface ParameterSlot {
  readonly name: ParameterName;
  readonly shape: readonly [number] | readonly [number, number];
  /** index of its first value */
  readonly offset: number;
  readonly size: number;
}

export interface ParameterLayout {
  readonly slots: readonly ParameterSlot[];
  /** length of the packed array */
  readonly size: number;
}

/**
 * Names, shapes and places of all parameters in one packed array, in the order of the forward pass.
 * Weights are [inputs, outputs]; an LSTM's are [features + units, 4 · units] in gate order i, f, g, o;
 * `output.weights` has the head's rows first, then those of the linear skip from the decoder's inputs.
 * @throws LoadcastError INVALID_INPUT if an option is out of range
 */
export function parameterLayout(options: Seq2SeqOptions): ParameterLayout {
  validateSeq2SeqOptions(options);
  const { units, headUnits, outputs, decoderFeatures } = options;
  const stateUnits = options.bidirectionalDecoder ? 2 * units : units;
  const slots: ParameterSlot[] = [];
  let size = 0;
  const add = (name: ParameterName, ...shape: [number] | [number, number]): void => {
    const slotSize = shape[0] * (shape[1] ?? 1);
    slots.push({ name, shape, offset: size, size: slotSize });
    size += slotSize;
  };
  const addLayer = (
    layer: 'encoder' | 'decoder' | 'decoderReversed' | 'combine' | 'hidden' | 'output',
    inputs: number,
    width: number,
  ): void => {
    add(`${layer}.weights`, inputs, width);
    add(`${layer}.bias`, width);
  };
  addLayer('encoder', options.encoderFeatures + units, 4 * units);
  addLayer('decoder', decoderFeatures + units, 4 * units);
  if (options.bidirectionalDecoder) {
    addLayer('decoderReversed', decoderFeatures + units, 4 * units);
  }
  if (options.attention) {
    add('query.weights', stateUnits, units);
    addLayer('combine', stateUnits + units, units);
  }
  addLayer('hidden', (options.attention ? units : stateUnits) + decoderFeatures, headUnits);
  addLayer('output', headUnits + decoderFeatures, outputs);
  return { slots, size };
}
