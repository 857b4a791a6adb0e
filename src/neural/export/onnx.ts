import { VARIANCE_FLOOR } from '../operators/operators.js';
import { isNormalised, lstmName, queryName, type Stack } from '../parameter-layout.js';
import { directionsOf, type Direction, type Seq2SeqOptions } from '../seq2seq-options.js';
import { parameterValues, type ParameterValues } from './parameter-values.js';
import { createGraphBuilder, type GraphBuilder } from './onnx/graph-builder.js';
import { onnxModelBytes } from './onnx/model-bytes.js';

/** The first operator set with layer normalisation, and the format that came with it: ONNX 1.12 (2022). */
const opsetVersion = 17;
const irVersion = 8;

/** Axes of [batch, steps, features] and of the time-major form that ONNX's LSTM reads, either way. */
const swapBatchAndSteps = { perm: [1, 0, 2] };

/**
 * A trained network as an ONNX file: inputs `encoder` [batch, encoderSteps, encoderFeatures] and `decoder`
 * [batch, decoderSteps, decoderFeatures], output `outputs` [batch, decoderSteps, outputs], float32, any batch. Standard
 * operators only; dropout is left out, batch normalisation uses the moving moments.
 * @param parameters packed as `parameterLayout` says
 * @param metadata   written into the file's metadata_props
 * @throws LoadcastError INVALID_INPUT if the parameters do not fit the network
 */
export function onnxModel(
  network: Seq2SeqOptions,
  parameters: Float32Array,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const graph = createGraphBuilder();
  addNetwork(graph, network, parameterValues(network, parameters));
  const { encoderSteps, encoderFeatures, decoderSteps, decoderFeatures, outputs } = network;
  return onnxModelBytes({
    irVersion,
    opsetVersion,
    producerName: 'loadcast',
    metadata,
    graph: graph.finish(
      'seq2seq',
      [
        { name: 'encoder', dims: ['batch', encoderSteps, encoderFeatures] },
        { name: 'decoder', dims: ['batch', decoderSteps, decoderFeatures] },
      ],
      [{ name: 'outputs', dims: ['batch', decoderSteps, outputs] }],
    ),
  });
}

/** The forward pass of `seq2seq`, node by node; LSTMs run time-major, the head batch-major. */
function addNetwork(graph: GraphBuilder, network: Seq2SeqOptions, values: ParameterValues): void {
  const encoderDirections = directionsOf(network.bidirectionalEncoder);
  const encoderSteps = graph.node('Transpose', 'encoder.byTime', ['encoder'], swapBatchAndSteps);
  const encoder = addStack(graph, network, values, 'encoder', encoderSteps, encoderDirections);
  const decoderSteps = graph.node('Transpose', 'decoder.byTime', ['decoder'], swapBatchAndSteps);
  const decoder = addStack(
    graph,
    network,
    values,
    'decoder',
    decoderSteps,
    directionsOf(network.bidirectionalDecoder),
    (layer, direction) => {
      const from = network.bidirectionalEncoder ? direction : 'forward';
      const name = lstmName('encoder', layer, from);
      return [`${name}.h`, `${name}.c`];
    },
  );
  let state = decoder.map((name) => byBatch(graph, name));
  if (network.attention) {
    const read = joined(graph, 'decoder.states', state);
    const contexts = encoder.map((name, i) =>
      addAttention(graph, network, values, read, name, encoderDirections[i] ?? 'forward'),
    );
    state = [addDense(graph, values, 'combine', [...state, ...contexts], 'Tanh')];
  }
  const hidden = addDense(graph, values, 'hidden', [...state, 'decoder'], 'Relu');
  addDense(graph, values, 'output', [hidden, 'decoder'], 'Identity', 'outputs');
}

/** @returns the outputs of the last layer, [steps, batch, units] for each direction */
function addStack(
  graph: GraphBuilder,
  network: Seq2SeqOptions,
  values: ParameterValues,
  stack: Stack,
  input: string,
  directions: readonly Direction[],
  start?: (layer: number, direction: Direction) => readonly [h: string, c: string],
): string[] {
  let outputs = [input];
  for (let layer = 0; layer < network.layers; layer++) {
    const read = joined(graph, `${lstmName(stack, layer, 'forward')}.inputs`, outputs);
    outputs = directions.map((direction) => {
      const name = lstmName(stack, layer, direction);
      const states = start?.(layer, direction) ?? [];
      const run = addLstm(graph, network.units, values, name, direction, read, states);
      return isNormalised(network, stack, layer)
        ? addNormalisation(graph, network, values, name, run)
        : run;
    });
  }
  return outputs;
}

/** ONNX keeps inputs and recurrence apart, has a bias for each, and orders its gates i, o, f, c; ours are i, f, c, o. */
function addLstm(
  graph: GraphBuilder,
  units: number,
  values: ParameterValues,
  name: string,
  direction: Direction,
  input: string,
  states: readonly string[],
): string {
  const { shape, values: weights } = values(`${name}.weights`);
  const features = shape[0] - units;
  const gates = [0, 3, 1, 2];
  const rows = (first: number, count: number): Float32Array => {
    const turned = new Float32Array(4 * units * count);
    for (const [gate, ours] of gates.entries())
      for (let unit = 0; unit < units; unit++)
        for (let row = 0; row < count; row++)
          turned[(gate * units + unit) * count + row] =
            weights[(first + row) * 4 * units + ours * units + unit]!;
    return turned;
  };
  const bias = new Float32Array(8 * units);
  for (const [gate, ours] of gates.entries())
    bias.set(
      values(`${name}.bias`).values.subarray(ours * units, (ours + 1) * units),
      gate * units,
    );
  graph.node(
    'LSTM',
    `${name}.y`,
    [
      input,
      graph.weights(`${name}.weights`, [1, 4 * units, features], rows(0, features)),
      graph.weights(`${name}.recurrent`, [1, 4 * units, units], rows(features, units)),
      graph.weights(`${name}.bias`, [1, 8 * units], bias),
      // the lengths of the sequences, left out: all are whole
      ...(states.length > 0 ? ['', ...states] : []),
    ],
    { hidden_size: units, direction: direction === 'reversed' ? 'reverse' : 'forward' },
    [`${name}.h`, `${name}.c`],
  );
  // [steps, 1, batch, units]
  return graph.node('Squeeze', `${name}.outputs`, [`${name}.y`, graph.integers('axis1', [1])]);
}

function addNormalisation(
  graph: GraphBuilder,
  network: Seq2SeqOptions,
  values: ParameterValues,
  name: string,
  input: string,
): string {
  const { units } = network;
  const gain = values(`${name}.gain`).values;
  const offset = values(`${name}.offset`).values;
  if (network.normalisation === 'layer')
    return graph.node(
      'LayerNormalization',
      `${name}.normalised`,
      [
        input,
        graph.weights(`${name}.gain`, [units], gain),
        graph.weights(`${name}.offset`, [units], offset),
      ],
      { axis: -1, epsilon: { float: VARIANCE_FLOOR } },
    );
  const mean = values(`${name}.movingMean`).values;
  const variance = values(`${name}.movingVariance`).values;
  const factor = gain.map((g, i) => g / Math.sqrt(variance[i]! + VARIANCE_FLOOR));
  const shift = offset.map((o, i) => o - mean[i]! * factor[i]!);
  const scaled = graph.node('Mul', `${name}.scaled`, [
    input,
    graph.weights(`${name}.factor`, [units], factor),
  ]);
  return graph.node('Add', `${name}.normalised`, [
    scaled,
    graph.weights(`${name}.shift`, [units], shift),
  ]);
}

/** softmax(Q Eᵀ / √H) E, the root within the weights of the query. */
function addAttention(
  graph: GraphBuilder,
  network: Seq2SeqOptions,
  values: ParameterValues,
  state: string,
  encoded: string,
  direction: Direction,
): string {
  const name = queryName(direction);
  const { shape, values: weights } = values(`${name}.weights`);
  const scaled = weights.map((weight) => weight / Math.sqrt(network.units));
  const query = graph.node('MatMul', name, [
    state,
    graph.weights(`${name}.weights`, shape, scaled),
  ]);
  const keys = graph.node('Transpose', `${name}.keys`, [encoded], { perm: [1, 2, 0] });
  const scores = graph.node('MatMul', `${name}.scores`, [query, keys]);
  const shares = graph.node('Softmax', `${name}.shares`, [scores], { axis: -1 });
  return graph.node('MatMul', `${name}.context`, [shares, byBatch(graph, encoded)]);
}

function addDense(
  graph: GraphBuilder,
  values: ParameterValues,
  layer: string,
  inputs: readonly string[],
  activation: 'Tanh' | 'Relu' | 'Identity',
  output = layer,
): string {
  const weights = values(`${layer}.weights`);
  const bias = values(`${layer}.bias`);
  const product = graph.node('MatMul', `${layer}.product`, [
    joined(graph, `${layer}.inputs`, inputs),
    graph.weights(`${layer}.weights`, weights.shape, weights.values),
  ]);
  const linear = activation === 'Identity';
  const sum = graph.node('Add', linear ? output : `${layer}.sum`, [
    product,
    graph.weights(`${layer}.bias`, bias.shape, bias.values),
  ]);
  return linear ? sum : graph.node(activation, output, [sum]);
}

function byBatch(graph: GraphBuilder, name: string): string {
  return graph.node('Transpose', `${name}.byBatch`, [name], swapBatchAndSteps);
}

/** Side by side along the last axis. */
function joined(graph: GraphBuilder, name: string, inputs: readonly string[]): string {
  const [first = ''] = inputs;
  return inputs.length === 1 ? first : graph.node('Concat', name, inputs, { axis: 2 });
}
