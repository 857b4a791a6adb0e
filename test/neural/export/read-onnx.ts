import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** One message of protobuf, by field number, in the order of the bytes. */
type Fields = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

export interface ReadNode {
  readonly name: string;
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, number | string | readonly number[]>>;
}

export interface ReadTensor {
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

export interface ReadModel {
  readonly irVersion: number;
  readonly opset: readonly (readonly [domain: string, version: number])[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly nodes: readonly ReadNode[];
  readonly initializers: ReadonlyMap<string, ReadTensor>;
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>;
  readonly outputs: Readonly<Record<string, readonly (number | string)[]>>;
}

/** Reads an ONNX file by the field numbers of onnx.proto, knowing nothing of what wrote it. */
export function readOnnx(bytes: Uint8Array): ReadModel {
  const model = fieldsOf(bytes);
  const graph = fieldsOf(only(model, 7));
  return {
    irVersion: numberOf(model, 1),
    opset: messages(model, 8).map((each) => [stringOf(each, 1), numberOf(each, 2)]),
    metadata: Object.fromEntries(
      messages(model, 14).map((each) => [stringOf(each, 1), stringOf(each, 2)]),
    ),
    nodes: messages(graph, 1).map((node) => ({
      inputs: strings(node, 1),
      outputs: strings(node, 2),
      name: stringOf(node, 3),
      opType: stringOf(node, 4),
      attributes: Object.fromEntries(
        messages(node, 5).map((each) => [stringOf(each, 1), attributeOf(each)]),
      ),
    })),
    initializers: new Map(
      messages(graph, 5).map((tensor) => [stringOf(tensor, 8), tensorOf(tensor)]),
    ),
    inputs: Object.fromEntries(messages(graph, 11).map(valueOf)),
    outputs: Object.fromEntries(messages(graph, 12).map(valueOf)),
  };
}

function fieldsOf(bytes: Uint8Array): Fields {
  const reader = new BinaryReader(bytes);
  const fields = new Map<number, (number | Uint8Array)[]>();
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    const values = fields.get(field) ?? [];
    if (wireType === WireType.Varint) values.push(Number(reader.int64()));
    else if (wireType === WireType.Bit32) values.push(reader.float());
    else if (wireType === WireType.LengthDelimited) values.push(reader.bytes());
    else throw new Error(`Field ${field} has wire type ${wireType}.`);
    fields.set(field, values);
  }
  return fields;
}

function attributeOf(attribute: Fields): number | string | readonly number[] {
  switch (numberOf(attribute, 20)) {
    case 1:
      return numberOf(attribute, 2);
    case 2:
      return numberOf(attribute, 3);
    case 3:
      return stringOf(attribute, 4);
    case 7:
      return numbers(attribute, 8);
    default:
      throw new Error(`Attribute ${stringOf(attribute, 1)} has an unknown type.`);
  }
}

function tensorOf(tensor: Fields): ReadTensor {
  const raw = new Uint8Array(only(tensor, 9)).buffer;
  const values =
    numberOf(tensor, 2) === 1 ? new Float32Array(raw) : [...new BigInt64Array(raw)].map(Number);
  return { dims: numbers(tensor, 1), values: [...values] };
}

function valueOf(value: Fields): [string, (number | string)[]] {
  const tensorType = fieldsOf(only(fieldsOf(only(value, 2)), 1));
  if (numberOf(tensorType, 1) !== 1) throw new Error('The value is not float32.');
  const dims = messages(fieldsOf(only(tensorType, 2)), 1);
  return [
    stringOf(value, 1),
    dims.map((dim) => (dim.has(1) ? numberOf(dim, 1) : stringOf(dim, 2))),
  ];
}

function numbers(fields: Fields, field: number): number[] {
  return (fields.get(field) ?? []).map((value) => {
    if (typeof value !== 'number') throw new Error(`Field ${field} is no number.`);
    return value;
  });
}

function parts(fields: Fields, field: number): Uint8Array[] {
  return (fields.get(field) ?? []).map((value) => {
    if (typeof value === 'number') throw new Error(`Field ${field} is a number.`);
    return value;
  });
}

function messages(fields: Fields, field: number): Fields[] {
  return parts(fields, field).map(fieldsOf);
}

function strings(fields: Fields, field: number): string[] {
  return parts(fields, field).map((bytes) => new TextDecoder().decode(bytes));
}

function only(fields: Fields, field: number): Uint8Array {
  const [value, ...others] = parts(fields, field);
  if (!value || others.length > 0) throw new Error(`Field ${field} stands ${others.length} times.`);
  return value;
}

function stringOf(fields: Fields, field: number): string {
  return new TextDecoder().decode(only(fields, field));
}

function numberOf(fields: Fields, field: number): number {
  const [value, ...others] = numbers(fields, field);
  if (value === undefined || others.length > 0)
    throw new Error(`Field ${field} stands ${others.length} times.`);
  return value;
}
