import {
  directionsOf,
  validateSeq2SeqOptions,
  type Direction,
  type Seq2SeqOptions,
} from './seq2seq-options.js';

/** Where one parameter stands in the packed array. */
export interface ParameterSlot {
  readonly name: string;
  readonly kind: ParameterKind;
  readonly shape: readonly [number] | readonly [number, number];
  /** index of its first value */
  readonly offset: number;
  readonly size: number;
}

/**
 * What a parameter is, which decides how it starts and how training moves it: `movingMean` and `movingVariance` have
 * no gradient but follow the moments of the batches.
 */
export type ParameterKind =
  | 'lstmWeights'
  | 'lstmBias'
  | 'weights'
  | 'bias'
  | 'outputWeights'
  | 'outputBias'
  | 'gain'
  | 'offset'
  | 'movingMean'
  | 'movingVariance';

export interface ParameterLayout {
  readonly slots: readonly ParameterSlot[];
  /** length of the packed array */
  readonly size: number;
}

export type Stack = 'encoder' | 'decoder';

/** Name of one LSTM: `encoder`, `encoder2`, `decoderReversed`, `decoder2Reversed` …; layers count from 0 here. */
export function lstmName(stack: Stack, layer: number, direction: Direction): string {
  return `${stack}${layer === 0 ? '' : layer + 1}${direction === 'reversed' ? 'Reversed' : ''}`;
}

/** Name of the attention queries for the encoder's outputs in one direction. */
export function queryName(direction: Direction): string {
  return direction === 'reversed' ? 'queryReversed' : 'query';
}

/** Whether the outputs of a layer are normalised: all but the encoder's last, which nothing reads but attention. */
export function isNormalised(options: Seq2SeqOptions, stack: Stack, layer: number): boolean {
  return options.normalisation !== 'none' && (stack === 'decoder' || layer + 1 < options.layers);
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
  const slots: ParameterSlot[] = [];
  let size = 0;
  const add = (name: string, kind: ParameterKind, ...shape: [number] | [number, number]): void => {
    const slotSize = shape[0] * (shape[1] ?? 1);
    slots.push({ name, kind, shape, offset: size, size: slotSize });
    size += slotSize;
  };
  const addStack = (stack: Stack, features: number, bidirectional: boolean): void => {
    const directions = directionsOf(bidirectional);
    for (let layer = 0; layer < options.layers; layer++) {
      const inputs = layer === 0 ? features : directions.length * units;
      for (const direction of directions) {
        const name = lstmName(stack, layer, direction);
        add(`${name}.weights`, 'lstmWeights', inputs + units, 4 * units);
        add(`${name}.bias`, 'lstmBias', 4 * units);
        if (!isNormalised(options, stack, layer)) continue;
        add(`${name}.gain`, 'gain', units);
        add(`${name}.offset`, 'offset', units);
        if (options.normalisation !== 'batch') continue;
        add(`${name}.movingMean`, 'movingMean', units);
        add(`${name}.movingVariance`, 'movingVariance', units);
      }
    }
  };
  addStack('encoder', options.encoderFeatures, options.bidirectionalEncoder);
  addStack('decoder', decoderFeatures, options.bidirectionalDecoder);
  const stateUnits = directionsOf(options.bidirectionalDecoder).length * units;
  if (options.attention) {
    const heads = directionsOf(options.bidirectionalEncoder);
    for (const direction of heads) {
      add(`${queryName(direction)}.weights`, 'weights', stateUnits, units);
    }
    add('combine.weights', 'weights', stateUnits + heads.length * units, units);
    add('combine.bias', 'bias', units);
  }
  const headInputs = (options.attention ? units : stateUnits) + decoderFeatures;
  add('hidden.weights', 'weights', headInputs, headUnits);
  add('hidden.bias', 'bias', headUnits);
  add('output.weights', 'outputWeights', headUnits + decoderFeatures, outputs);
  add('output.bias', 'outputBias', outputs);
  return { slots, size };
}
