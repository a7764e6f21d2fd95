/*
 * As much of ONNX's file format (onnx.proto, protobuf's wire format) as the graphs of the benches need. What is returned are pieces
 * that are written one after another: a model of hundreds of megabytes is never copied as a whole.
 */

export type Pieces = readonly Uint8Array[];

/** A constant of a graph. */
export interface Weights {
  name: string;
  dims: readonly number[];
  data: Float32Array | BigInt64Array;
}

export interface Node {
  type: string;
  inputs: readonly string[];
  output: string;
  /** Floats are told by `{ float }`, for a number is taken for an integer. */
  attributes?: Readonly<Record<string, number | readonly number[] | { float: number }>>;
}

/** An input or output of numbers; a dimension that is a word may be of any length. */
export interface Value {
  name: string;
  dims: readonly (number | string)[];
}

export interface Graph {
  nodes: readonly Node[];
  weights: readonly Weights[];
  inputs: readonly Value[];
  outputs: readonly Value[];
}

const IR_VERSION = 8;
const [FLOAT, INT64] = [1, 7];
const ATTRIBUTE = { float: 1, int: 2, ints: 7 };

/** A whole file. @param opset - the version of the operators. */
export function onnxModel(graph: Graph, opset: number): Pieces {
  return [...int(1, IR_VERSION), ...message(8, [...text(1, ''), ...int(2, opset)]), ...message(7, graphPieces(graph))];
}

function graphPieces({ nodes, weights, inputs, outputs }: Graph): Pieces {
  return [
    ...nodes.flatMap((node) => message(1, nodePieces(node))),
    ...text(2, 'graph'),
    ...weights.flatMap((tensor) => message(5, tensorPieces(tensor))),
    ...inputs.flatMap((value) => message(11, valuePieces(value))),
    ...outputs.flatMap((value) => message(12, valuePieces(value))),
  ];
}

function nodePieces({ type, inputs, output, attributes = {} }: Node): Pieces {
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...text(2, output),
    ...text(3, output),
    ...text(4, type),
    ...Object.entries(attributes).flatMap(([name, value]) => message(5, [...text(1, name), ...attributePieces(value)])),
  ];
}

function attributePieces(value: number | readonly number[] | { float: number }): Pieces {
  if (typeof value === 'number') return [...int(3, value), ...int(20, ATTRIBUTE.int)];
  if ('float' in value) return [...float(2, value.float), ...int(20, ATTRIBUTE.float)];
  return [...value.flatMap((one) => int(8, one)), ...int(20, ATTRIBUTE.ints)];
}

function tensorPieces({ name, dims, data }: Weights): Pieces {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const type = data instanceof Float32Array ? FLOAT : INT64;
  return [...dims.flatMap((dim) => int(1, dim)), ...int(2, type), ...text(8, name), ...message(9, [bytes])];
}

function valuePieces({ name, dims }: Value): Pieces {
  const shape = dims.flatMap((dim) => message(1, typeof dim === 'number' ? int(1, dim) : text(2, dim)));
  const tensor = [...int(1, FLOAT), ...message(2, shape)];
  return [...text(1, name), ...message(2, message(1, tensor))];
}

const [VARINT, BYTES, FIXED32] = [0, 2, 5];

function int(field: number, value: number): Pieces {
  return [key(field, VARINT), varint(value)];
}

function float(field: number, value: number): Pieces {
  return [key(field, FIXED32), new Uint8Array(new Float32Array([value]).buffer)];
}

function text(field: number, value: string): Pieces {
  return message(field, [Buffer.from(value)]);
}

function message(field: number, pieces: Pieces): Pieces {
  return [key(field, BYTES), varint(pieces.reduce((sum, piece) => sum + piece.length, 0)), ...pieces];
}

function key(field: number, wireType: number): Uint8Array {
  return varint((field << 3) | wireType);
}

/** Seven bits a byte, least first; negative numbers as 64 bits. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}
