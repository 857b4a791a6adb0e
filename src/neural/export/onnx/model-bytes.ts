import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** The parts of an ONNX model that the export needs; the names are those of onnx.proto, and so are the field numbers. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly opsetVersion: number;
  readonly producerName: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly graph: OnnxGraph;
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  /** '' stands for an input or output that is left out */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** A whole number is an INT, `{ float }` a FLOAT. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

/** A float32 tensor; a dimension with a name may have any length. */
export interface OnnxValue {
  readonly name: string;
  readonly dims: readonly (number | string)[];
}

/**
 * The bytes of an ONNX file.
 * @see https://github.com/onnx/onnx/blob/v1.17.0/onnx/onnx.proto for messages and field numbers
 */
export function onnxModelBytes(model: OnnxModel): Uint8Array {
  const writer = new BinaryWriter();
  int(writer, 1, model.irVersion);
  text(writer, 2, model.producerName);
  message(writer, 7, () => {
    writeGraph(writer, model.graph);
  });
  message(writer, 8, () => {
    text(writer, 1, '');
    int(writer, 2, model.opsetVersion);
  });
  for (const [key, value] of Object.entries(model.metadata))
    message(writer, 14, () => {
      text(writer, 1, key);
      text(writer, 2, value);
    });
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, graph: OnnxGraph): void {
  for (const node of graph.nodes)
    message(writer, 1, () => {
      writeNode(writer, node);
    });
  text(writer, 2, graph.name);
  for (const tensor of graph.initializers)
    message(writer, 5, () => {
      writeTensor(writer, tensor);
    });
  for (const [field, values] of [
    [11, graph.inputs],
    [12, graph.outputs],
  ] as const) {
    for (const value of values)
      message(writer, field, () => {
        writeValue(writer, value);
      });
  }
}

function writeNode(writer: BinaryWriter, node: OnnxNode): void {
  for (const input of node.inputs) text(writer, 1, input);
  for (const output of node.outputs) text(writer, 2, output);
  text(writer, 3, node.name);
  text(writer, 4, node.opType);
  for (const [name, value] of Object.entries(node.attributes))
    message(writer, 5, () => {
      text(writer, 1, name);
      writeAttribute(writer, value);
    });
}

const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 };

function writeAttribute(writer: BinaryWriter, value: OnnxAttribute): void {
  if (typeof value === 'number') {
    int(writer, 3, value);
    int(writer, 20, attributeTypes.int);
  } else if (typeof value === 'string') {
    // bytes and strings are written alike
    text(writer, 4, value);
    int(writer, 20, attributeTypes.string);
  } else if ('float' in value) {
    writer.tag(2, WireType.Bit32).float(value.float);
    int(writer, 20, attributeTypes.float);
  } else {
    for (const each of value) int(writer, 8, each);
    int(writer, 20, attributeTypes.ints);
  }
}

const elementTypes = { float32: 1, int64: 7 };

function writeTensor(writer: BinaryWriter, { name, dims, values }: OnnxTensor): void {
  for (const dim of dims) int(writer, 1, dim);
  int(writer, 2, values instanceof Float32Array ? elementTypes.float32 : elementTypes.int64);
  text(writer, 8, name);
  writer.tag(9, WireType.LengthDelimited);
  // little-endian, as every machine that Node.js runs WebAssembly kernels on
  writer.bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

function writeValue(writer: BinaryWriter, { name, dims }: OnnxValue): void {
  text(writer, 1, name);
  const tensorType = (): void => {
    int(writer, 1, elementTypes.float32);
    message(writer, 2, () => {
      for (const dim of dims)
        message(writer, 1, () => {
          if (typeof dim === 'number') int(writer, 1, dim);
          else text(writer, 2, dim);
        });
    });
  };
  message(writer, 2, () => {
    message(writer, 1, tensorType);
  });
}

function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}

function int(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}
