import { uniform } from '../test/support/vectors.js';

export interface ClusteredOptions {
  dimensions: number;
  /** Clusters are kinds of products; a shop of n products has some n / 100. */
  clusters: number;
  seed: number;
}

/** Clusters lie in groups, as mugs and bowls are closer to each other than to shoes. */
const CLUSTERS_IN_GROUP = 20;

/** Directions in which products of a cluster differ from each other, taken from a stock that all clusters share. */
const RANK = 32;
const STOCK_OF_DIRECTIONS = 256;

/** Lengths: of what a cluster has to itself beside its group, and of what is in no pattern. */
const CLUSTER_SPREAD = 0.8;
const NOISE = 0.35;

/**
 * How much products of a cluster differ, in turn. In the first kind of cluster they are so much alike that it lies apart, which is
 * hard for HNSW, whose graph hardly leads there; the second kind runs into others, which is hard for IVFFlat.
 */
const PRODUCT_SPREADS = [0.85, 1.6];

/** Few kinds have many products, as in shops: cluster i has a share of (i + 10)^-0.7. */
const SIZE_EXPONENT = 0.7;

/** The first direction is the longest; together they have length 1. */
const LENGTHS = rankedLengths(RANK);

interface Cluster {
  centre: Float32Array;
  spread: number;
  directions: readonly Float32Array[];
}

/**
 * Unit vectors that are spread as CLIP's are, and not evenly: a mixture of clusters, themselves in groups. Products of a
 * cluster differ in a few directions, in the first ones most, and by a little noise in all. The same seed always gives the same
 * vectors. How near this is to real photographs is in docs/decisions/0010-recall-defaults.md.
 */
export class ClusteredVectors {
  private readonly next: () => number;
  private readonly clusters: readonly Cluster[];
  /** Up to which part of 1 each cluster goes. */
  private readonly bounds: readonly number[];

  constructor(private readonly options: ClusteredOptions) {
    this.next = uniform(options.seed);
    this.clusters = this.makeClusters();
    this.bounds = boundsOf(options.clusters);
  }

  /** @returns `Float32Array` of length `dimensions`, of length 1. */
  draw(): Float32Array {
    const place = this.next();
    const cluster = Math.max(
      0,
      this.bounds.findIndex((bound) => place < bound),
    );
    const vector = this.gaussian(NOISE);
    const { centre, spread, directions } = this.clusters[cluster] ?? { centre: vector, spread: 0, directions: [] };
    addTo(vector, centre, 1);
    directions.forEach((direction, index) => {
      addTo(vector, direction, spread * this.normal() * (LENGTHS[index] ?? 0));
    });
    return normalised(vector);
  }

  private makeClusters(): Cluster[] {
    const groups = Array.from({ length: Math.ceil(this.options.clusters / CLUSTERS_IN_GROUP) }, () => this.gaussian(1));
    const stock = Array.from({ length: STOCK_OF_DIRECTIONS }, () => normalised(this.gaussian(1)));
    return Array.from({ length: this.options.clusters }, (_, index) => {
      const centre = this.gaussian(CLUSTER_SPREAD);
      addTo(centre, groups[index % groups.length] ?? centre, 1);
      const directions = Array.from({ length: RANK }, () => stock[Math.floor(this.next() * stock.length)] ?? centre);
      const spread = PRODUCT_SPREADS[index % PRODUCT_SPREADS.length] ?? 1;
      return { centre: normalised(centre), spread, directions };
    });
  }

  /** A vector of about this length in any direction. */
  private gaussian(length: number): Float32Array {
    const scale = length / Math.sqrt(this.options.dimensions);
    return Float32Array.from({ length: this.options.dimensions }, () => scale * this.normal());
  }

  /** Box and Muller's way to a normally distributed number. */
  private normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }
}

function rankedLengths(rank: number): number[] {
  const squares = Array.from({ length: rank }, (_, index) => 1 / (index + 1));
  const sum = squares.reduce((one, other) => one + other, 0);
  return squares.map((square) => Math.sqrt(square / sum));
}

function boundsOf(clusters: number): number[] {
  const weights = Array.from({ length: clusters }, (_, index) => (index + 10) ** -SIZE_EXPONENT);
  const sum = weights.reduce((one, other) => one + other, 0);
  let bound = 0;
  return weights.map((weight) => (bound += weight / sum));
}

function addTo(vector: Float32Array, other: Float32Array, factor: number): void {
  for (let index = 0; index < vector.length; index += 1) {
    vector[index] = (vector[index] ?? 0) + factor * (other[index] ?? 0);
  }
}

function normalised(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
