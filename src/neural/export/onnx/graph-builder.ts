import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from './model-bytes.js';

/** Gathers the nodes and weights of an ONNX graph in the order in which they are computed. */
export interface GraphBuilder {
  /**
   * Adds a node.
   * @param inputs names of values; '' for an optional one that is left out
   * @returns the name of its first output, which is the node's own
   */
  node(
    opType: string,
    name: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, OnnxAttribute>>,
    moreOutputs?: readonly string[],
  ): string;
  /** Adds float32 weights and returns their name. */
  weights(name: string, dims: readonly number[], values: Float32Array): string;
  /** Adds a list of int64 and returns its name. */
  integers(name: string, values: readonly number[]): string;
  /** @returns the graph without what its outputs do not depend on */
  finish(name: string, inputs: readonly OnnxValue[], outputs: readonly OnnxValue[]): OnnxGraph;
}

export function createGraphBuilder(): GraphBuilder {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const add = (tensor: OnnxTensor): string => {
    if (!initializers.some(({ name }) => name === tensor.name)) initializers.push(tensor);
    return tensor.name;
  };
  return {
    node(opType, name, inputs, attributes = {}, moreOutputs = []) {
      nodes.push({ name, opType, inputs, outputs: [name, ...moreOutputs], attributes });
      return name;
    },
    weights: (name, dims, values) => add({ name, dims, values }),
    integers: (name, values) =>
      add({ name, dims: [values.length], values: BigInt64Array.from(values, BigInt) }),
    finish(name, inputs, outputs) {
      const wanted = new Set(outputs.map((output) => output.name));
      const kept: OnnxNode[] = [];
      for (const node of nodes.toReversed()) {
        const used = withoutUnwanted(node.outputs, wanted);
        if (used.length === 0) continue;
        kept.unshift({ ...node, outputs: used });
        for (const input of node.inputs) wanted.add(input);
      }
      const keptWeights = initializers.filter((tensor) => wanted.has(tensor.name));
      return { name, nodes: kept, initializers: keptWeights, inputs, outputs };
    },
  };
}

/** Outputs that nothing reads become '', and go at the end. */
function withoutUnwanted(outputs: readonly string[], wanted: ReadonlySet<string>): string[] {
  const used = outputs.map((output) => (wanted.has(output) ? output : ''));
  return used.slice(0, used.findLastIndex((output) => output !== '') + 1);
}
