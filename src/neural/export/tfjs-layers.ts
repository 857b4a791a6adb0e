import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { VARIANCE_FLOOR } from '../operators/operators.js';
import { isNormalised, lstmName, queryName, type Stack } from '../parameter-layout.js';
import { directionsOf, type Seq2SeqOptions } from '../seq2seq-options.js';
import { parameterValues, type NamedParameter, type ParameterValues } from './parameter-values.js';

/** What `tf.loadLayersModel` reads: `model.json`, which names `weights.bin` beside it. */
export interface TfjsLayersFiles {
  readonly modelJson: tf.io.ModelJSON;
  readonly weightsBin: Uint8Array;
}

/** A layer of TensorFlow.js, as far as it is used here. */
interface Layer {
  apply(inputs: SymbolicTensor | SymbolicTensor[], keywords: object): unknown;
  setWeights(weights: tf.Tensor[]): void;
}

/** Applies a layer, and keeps the weights for it until the model is whole. */
type AddLayer = (
  layer: Layer,
  inputs: readonly SymbolicTensor[],
  weights?: readonly NamedParameter[],
) => SymbolicTensor[];

const weightsFile = 'weights.bin';

/**
 * A trained network as a LayersModel of TensorFlow.js, of its standard layers only: inputs `encoder`
 * [batch, encoderSteps, encoderFeatures] and `decoder` [batch, decoderSteps, decoderFeatures], output
 * [batch, decoderSteps, outputs]. Dropout is left out. A backend of TensorFlow.js must be started.
 * @param parameters packed as `parameterLayout` says
 * @throws LoadcastError INVALID_INPUT if the parameters do not fit the network
 */
export async function tfjsLayersFiles(
  network: Seq2SeqOptions,
  parameters: Float32Array,
): Promise<TfjsLayersFiles> {
  const values = parameterValues(network, parameters);
  const weighted: { layer: Layer; weights: readonly NamedParameter[] }[] = [];
  const add: AddLayer = (layer, inputs, weights) => {
    if (weights) weighted.push({ layer, weights });
    const keywords: { initialState?: unknown } = {};
    const outputs = symbolic(layer.apply(inputs.length === 1 ? inputs[0]! : [...inputs], keywords));
    // An LSTM writes its start there, which is among its inputs already and cannot be saved.
    delete keywords.initialState;
    return outputs;
  };
  const encoder = input({
    shape: [network.encoderSteps, network.encoderFeatures],
    name: 'encoder',
  });
  const decoder = input({
    shape: [network.decoderSteps, network.decoderFeatures],
    name: 'decoder',
  });
  const outputs = addNetwork(add, network, values, encoder, decoder);
  const whole = model({ inputs: [encoder, decoder], outputs, name: 'seq2seq' });
  try {
    for (const { layer, weights } of weighted) setWeights(layer, weights);
    let files: TfjsLayersFiles | null = null;
    const keep = async (artifacts: tf.io.ModelArtifacts): Promise<tf.io.SaveResult> => {
      files = filesOf(artifacts);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    };
    await whole.save(tf.io.withSaveHandler(keep));
    if (!files) throw new Error('TensorFlow.js saved nothing.');
    return files;
  } finally {
    whole.dispose();
  }
}

function addNetwork(
  add: AddLayer,
  network: Seq2SeqOptions,
  values: ParameterValues,
  encoderInput: SymbolicTensor,
  decoderInput: SymbolicTensor,
): SymbolicTensor[] {
  const encoder = addStack(add, network, values, 'encoder', encoderInput, () => []);
  const decoder = addStack(add, network, values, 'decoder', decoderInput, (layer) => {
    const states = encoder.states[layer] ?? [];
    if (!network.bidirectionalDecoder) return states.slice(0, 2);
    if (network.bidirectionalEncoder) return states;
    // TensorFlow.js frees a tensor that one layer reads twice after the first time: the second reading is a copy.
    const copies = states.flatMap((state, i) =>
      add(
        layers.activation({
          name: `${lstmName('encoder', layer, 'forward')}State${i + 1}`,
          activation: 'linear',
        }),
        [state],
      ),
    );
    return [...states, ...copies];
  });
  let state = decoder.outputs;
  if (network.attention) {
    const read = sideBySide(add, 'decoderStates', state);
    const directions = directionsOf(network.bidirectionalEncoder);
    const contexts = encoder.outputs.flatMap((encoded, i) =>
      addAttention(add, network, values, queryName(directions[i] ?? 'forward'), read, encoded),
    );
    state = addDense(add, values, 'combine', [...state, ...contexts], 'tanh');
  }
  const hidden = addDense(add, values, 'hidden', [...state, decoderInput], 'relu');
  return addDense(add, values, 'output', [...hidden, decoderInput], 'linear', 'outputs');
}

/** Layers of LSTMs: the outputs of the last one, and h and c of each direction of every one. */
function addStack(
  add: AddLayer,
  network: Seq2SeqOptions,
  values: ParameterValues,
  stack: Stack,
  stackInput: SymbolicTensor,
  start: (layer: number) => readonly SymbolicTensor[],
): { outputs: SymbolicTensor[]; states: SymbolicTensor[][] } {
  const bidirectional =
    stack === 'encoder' ? network.bidirectionalEncoder : network.bidirectionalDecoder;
  const directions = directionsOf(bidirectional);
  const states: SymbolicTensor[][] = [];
  let outputs = [stackInput];
  for (let layer = 0; layer < network.layers; layer++) {
    const names = directions.map((direction) => lstmName(stack, layer, direction));
    const name = `${stack}Lstm${layer + 1}`;
    const read = sideBySide(add, `${name}Inputs`, outputs);
    const lstm = lstmLayer(name, network.units);
    const made = add(
      bidirectional ? bothDirections(name, lstm) : lstm,
      [read, ...start(layer)],
      names.flatMap((each) => lstmWeights(values, each, network.units)),
    );
    outputs = made.slice(0, directions.length);
    states.push(made.slice(directions.length));
    if (isNormalised(network, stack, layer))
      outputs = outputs.flatMap((run, i) =>
        addNormalisation(add, network, values, names[i] ?? '', run),
      );
  }
  return { outputs, states };
}

function lstmLayer(name: string, units: number): ReturnType<typeof layers.lstm> {
  return layers.lstm({
    name,
    units,
    activation: 'tanh',
    recurrentActivation: 'sigmoid',
    returnSequences: true,
    returnState: true,
    // Every weight is set: random starts would only take time.
    kernelInitializer: 'zeros',
    recurrentInitializer: 'zeros',
    unitForgetBias: false,
  });
}

/** A layer whose first two outputs are those of the two directions, both in the order of the steps. */
function bothDirections(name: string, layer: ReturnType<typeof layers.lstm>): Layer {
  layer.name = `${name}Steps`;
  const options: Parameters<typeof layers.bidirectional>[0] = { name, layer, mergeMode: 'concat' };
  // No merging: TensorFlow.js knows null as Keras does, its types do not.
  return layers.bidirectional(Object.assign(options, { mergeMode: null }));
}

/** Inputs and recurrence apart; the gate order i, f, c, o is ours. */
function lstmWeights(values: ParameterValues, name: string, units: number): NamedParameter[] {
  const { shape, values: weights } = values(`${name}.weights`);
  const features = shape[0] - units;
  const gates = 4 * units;
  return [
    { shape: [features, gates], values: weights.subarray(0, features * gates) },
    { shape: [units, gates], values: weights.subarray(features * gates) },
    values(`${name}.bias`),
  ];
}

function addNormalisation(
  add: AddLayer,
  network: Seq2SeqOptions,
  values: ParameterValues,
  name: string,
  run: SymbolicTensor,
): SymbolicTensor[] {
  const options = { name: `${name}Normalised`, axis: -1, epsilon: VARIANCE_FLOOR };
  const gainAndOffset = [values(`${name}.gain`), values(`${name}.offset`)];
  return network.normalisation === 'layer'
    ? add(layers.layerNormalization(options), [run], gainAndOffset)
    : add(
        layers.batchNormalization(options),
        [run],
        [...gainAndOffset, values(`${name}.movingMean`), values(`${name}.movingVariance`)],
      );
}

/** softmax(Q Eᵀ / √H) E, the root within the weights of the query. */
function addAttention(
  add: AddLayer,
  network: Seq2SeqOptions,
  values: ParameterValues,
  name: string,
  state: SymbolicTensor,
  encoded: SymbolicTensor,
): SymbolicTensor[] {
  const { units } = network;
  const weights = values(`${name}.weights`);
  const scaled = weights.values.map((weight) => weight / Math.sqrt(units));
  const query = add(
    layers.dense({ name, units, useBias: false, kernelInitializer: 'zeros' }),
    [state],
    [{ shape: weights.shape, values: scaled }],
  );
  const scores = add(layers.dot({ name: `${name}Scores`, axes: [2, 2] }), [...query, encoded]);
  const shares = add(layers.softmax({ name: `${name}Shares`, axis: -1 }), scores);
  return add(layers.dot({ name: `${name}Context`, axes: [2, 1] }), [...shares, encoded]);
}

function addDense(
  add: AddLayer,
  values: ParameterValues,
  layer: string,
  inputs: readonly SymbolicTensor[],
  activation: 'tanh' | 'relu' | 'linear',
  name = layer,
): SymbolicTensor[] {
  const weights = values(`${layer}.weights`);
  return add(
    layers.dense({
      name,
      units: weights.shape[1] ?? 0,
      activation,
      kernelInitializer: 'zeros',
    }),
    [sideBySide(add, `${layer}Inputs`, inputs)],
    [weights, values(`${layer}.bias`)],
  );
}

function sideBySide(
  add: AddLayer,
  name: string,
  inputs: readonly SymbolicTensor[],
): SymbolicTensor {
  const [first] =
    inputs.length === 1 ? inputs : add(layers.concatenate({ name, axis: -1 }), inputs);
  if (!first) throw new RangeError(`${name} needs an input.`);
  return first;
}

function setWeights(layer: Layer, weights: readonly NamedParameter[]): void {
  const tensors = weights.map(({ shape, values }) => tf.tensor(values, [...shape], 'float32'));
  layer.setWeights(tensors);
  tf.dispose(tensors);
}

function symbolic(applied: unknown): SymbolicTensor[] {
  const all: unknown[] = Array.isArray(applied) ? applied : [applied];
  return all.map((each) => {
    if (each instanceof SymbolicTensor) return each;
    throw new TypeError('A layer gave no symbolic tensor.');
  });
}

function filesOf(artifacts: tf.io.ModelArtifacts): TfjsLayersFiles {
  const { modelTopology, weightSpecs, weightData } = artifacts;
  if (!modelTopology || !weightSpecs || !weightData)
    throw new Error('TensorFlow.js saved a model without its topology or its weights.');
  const modelJson = {
    format: 'layers-model',
    generatedBy: 'loadcast',
    modelTopology,
    weightsManifest: [{ paths: [weightsFile], weights: weightSpecs }],
  };
  return { modelJson, weightsBin: new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)) };
}
