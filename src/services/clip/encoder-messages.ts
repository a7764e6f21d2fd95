import type { InferenceDevice, LoadableModel } from './model-files.js';

/** What the model's thread is started with. */
export interface EncoderWorkerData extends LoadableModel {
  device: InferenceDevice;
  /** Threads that one inference uses. */
  threads: number;
  /** Images in one batch at most. */
  maxBatch: number;
}

/** A batch on its way to the model: `count` images of RGB bytes, one after the other. */
export interface BatchMessage {
  count: number;
  pixels: Uint8Array;
}

/** Why a model does not load. */
export type LoadFailure =
  /** The runtime can't make a session of the files; `detail` is its own message, with paths in it. */
  | { kind: 'unloadable'; detail: string }
  /** It loads and is no image tower of a CLIP model. */
  | { kind: 'not-clip'; detail: string }
  /** It loads, and its output is not finite. */
  | { kind: 'not-finite' };

/** What the model's thread says. */
export type EncoderMessage =
  | { kind: 'ready'; dimensions: number }
  | { kind: 'failed'; failure: LoadFailure }
  /** `outputs` has the batch's vectors one after the other, as the model made them. */
  | { kind: 'batch'; outputs: Float32Array }
  | { kind: 'batch-failed'; detail: string };
