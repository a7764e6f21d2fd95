import { SeededRandom } from '../demo/seeded-random.js';
import type { Graph, Node, Weights } from './onnx-writer.js';

/** The shape of an image tower of CLIP; ViT-B/32's are in "Learning Transferable Visual Models From Natural Language Supervision". */
export interface VitShape {
  imageSize: number;
  patchSize: number;
  width: number;
  layers: number;
  heads: number;
  /** Numbers of an embedding. */
  dimensions: number;
}

export const VIT_B_32: VitShape = { imageSize: 224, patchSize: 32, width: 768, layers: 12, heads: 12, dimensions: 512 };

/** The first version that has LayerNormalization. */
export const OPSET = 17;

/** Of what is added to tokens and is no product. */
const SPREAD = 0.03;

/**
 * An image tower as transformers.js runs it, `pixel_values` to `image_embeds`, with random weights: what it finds means nothing, how
 * long it takes is what a trained one takes.
 */
export function vitGraph(shape: VitShape): Graph {
  return new VitBuilder(shape).build();
}

class VitBuilder {
  private readonly nodes: Node[] = [];
  private readonly weights: Weights[] = [];
  private readonly random = new SeededRandom(1);

  constructor(private readonly shape: VitShape) {}

  build(): Graph {
    const { imageSize, layers, dimensions } = this.shape;
    let tokens = this.normalised(this.embedded(), 'before');
    for (let layer = 0; layer < layers; layer += 1) tokens = this.layer(tokens, `layer${layer}`);
    const first = this.node('Gather', [tokens, this.int64('first', [], [0])], { axis: 1 });
    const projection = this.matrix('projection', [this.shape.width, dimensions], unitSpread(this.shape.width));
    this.node('MatMul', [this.normalised(first, 'after'), projection], {}, 'image_embeds');
    return {
      nodes: this.nodes,
      weights: this.weights,
      inputs: [{ name: 'pixel_values', dims: ['batch', 3, imageSize, imageSize] }],
      outputs: [{ name: 'image_embeds', dims: ['batch', dimensions] }],
    };
  }

  /** A token for each patch behind the one of the class, with their places added. */
  private embedded(): string {
    const { imageSize, patchSize, width } = this.shape;
    const patches = (imageSize / patchSize) ** 2;
    const kernel = this.matrix('patches', [width, 3, patchSize, patchSize], unitSpread(3 * patchSize ** 2));
    const convolved = this.node('Conv', ['pixel_values', kernel], { strides: [patchSize, patchSize] });
    const flat = this.node('Reshape', [convolved, this.int64('flat', [3], [0, width, patches])]);
    const tokens = this.node('Transpose', [flat], { perm: [0, 2, 1] });
    const size = this.node('Shape', ['pixel_values']);
    const batch = this.node('Gather', [size, this.int64('batch', [1], [0])], { axis: 0 });
    const wanted = this.node('Concat', [batch, this.int64('token', [2], [1, width])], { axis: 0 });
    const ofClass = this.node('Expand', [this.matrix('class', [1, 1, width]), wanted]);
    const all = this.node('Concat', [ofClass, tokens], { axis: 1 });
    return this.node('Add', [all, this.matrix('places', [1, patches + 1, width])]);
  }

  private layer(tokens: string, name: string): string {
    const attended = this.attention(this.normalised(tokens, `${name}.1`), name);
    const between = this.node('Add', [tokens, attended]);
    const { width } = this.shape;
    const wide = this.linear(this.normalised(between, `${name}.2`), `${name}.wide`, [width, 4 * width]);
    const narrow = this.linear(this.quickGelu(wide), `${name}.narrow`, [4 * width, width]);
    return this.node('Add', [between, narrow]);
  }

  private attention(tokens: string, name: string): string {
    const { width, heads } = this.shape;
    const depth = width / heads;
    const split = this.int64(`${name}.split`, [4], [0, 0, heads, depth]);
    const head = (part: string, perm: readonly number[]): string => {
      const all = this.linear(tokens, `${name}.${part}`, [width, width]);
      return this.node('Transpose', [this.node('Reshape', [all, split])], { perm });
    };
    const queries = this.node('Mul', [head('q', [0, 2, 1, 3]), this.scalar(`${name}.scale`, depth ** -0.5)]);
    const scores = this.node('MatMul', [queries, head('k', [0, 2, 3, 1])]);
    const shares = this.node('Softmax', [scores], { axis: -1 });
    const mixed = this.node('MatMul', [shares, head('v', [0, 2, 1, 3])]);
    const joined = this.node('Transpose', [mixed], { perm: [0, 2, 1, 3] });
    const flat = this.node('Reshape', [joined, this.int64(`${name}.join`, [3], [0, 0, width])]);
    return this.linear(flat, `${name}.out`, [width, width]);
  }

  private quickGelu(input: string): string {
    const steep = this.node('Mul', [input, this.scalar(`${input}.steep`, 1.702)]);
    return this.node('Mul', [input, this.node('Sigmoid', [steep])]);
  }

  private linear(input: string, name: string, dims: readonly [number, number]): string {
    const product = this.node('MatMul', [input, this.matrix(`${name}.weight`, dims, unitSpread(dims[0]))]);
    return this.node('Add', [product, this.matrix(`${name}.bias`, [dims[1]])]);
  }

  private normalised(input: string, name: string): string {
    const { width } = this.shape;
    const ones = this.constant({ name: `${name}.ones`, dims: [width], data: new Float32Array(width).fill(1) });
    const bias = this.matrix(`${name}.zero`, [width]);
    return this.node('LayerNormalization', [input, ones, bias], { axis: -1, epsilon: { float: 1e-5 } });
  }

  private node(type: string, inputs: readonly string[], attributes: Node['attributes'] = {}, output?: string): string {
    const name = output ?? `${type}${this.nodes.length}`;
    this.nodes.push({ type, inputs, output: name, attributes });
    return name;
  }

  private matrix(name: string, dims: readonly number[], spread = SPREAD): string {
    const length = dims.reduce((product, dim) => product * dim, 1);
    return this.constant({
      name,
      dims,
      data: Float32Array.from({ length }, () => this.random.between(-spread, spread)),
    });
  }

  private scalar(name: string, value: number): string {
    return this.constant({ name, dims: [], data: new Float32Array([value]) });
  }

  private int64(name: string, dims: readonly number[], values: readonly number[]): string {
    return this.constant({ name, dims, data: BigInt64Array.from(values.map(BigInt)) });
  }

  private constant(weights: Weights): string {
    this.weights.push(weights);
    return weights.name;
  }
}

/** Of weights whose products with so many numbers are about as large as those, so that none run away or vanish. */
function unitSpread(inputs: number): number {
  return Math.sqrt(3 / inputs);
}
