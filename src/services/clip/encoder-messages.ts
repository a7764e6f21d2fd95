import type { InferenceDevice, LoadableModel, LoadableTower } from './model-files.js';

interface Placement {
  device: InferenceDevice;
  /** Threads that one inference uses. */
  threads: number;
}

/** What the thread of an image tower is started with. */
export interface VisionWorkerData extends LoadableModel, Placement {
  tower: 'vision';
  /** Images in one batch at most. */
  maxBatch: number;
}

/** What the thread of a text tower is started with. */
export interface TextWorkerData extends LoadableTower, Placement {
  tower: 'text';
}

/** What a tower's thread is started with. */
export type EncoderWorkerData = VisionWorkerData | TextWorkerData;

/** A batch on its way to an image tower: `count` images of RGB bytes, one after the other. */
export interface ImageBatch {
  count: number;
  pixels: Uint8Array;
}

/** A batch on its way to a text tower. */
export interface TextBatch {
  texts: readonly string[];
}

/** Why a tower does not load. */
export type LoadFailure =
  /** The runtime can't make a session of the files; `detail` is its own message, with paths in it. */
  | { kind: 'unloadable'; detail: string }
  /** It loads and is no such tower of a CLIP model. */
  | { kind: 'not-clip'; detail: string }
  /** It loads, and its output is not finite. */
  | { kind: 'not-finite' };

/** What a tower's thread says. */
export type EncoderMessage =
  | { kind: 'ready'; dimensions: number }
  | { kind: 'failed'; failure: LoadFailure }
  /** `outputs` has the batch's vectors one after the other, as the model made them. */
  | { kind: 'batch'; outputs: Float32Array }
  | { kind: 'batch-failed'; detail: string };
