import { ServiceUnavailableError } from '../../src/errors.js';
import type { ClipEncoder } from '../../src/services/clip/image-encoder.js';
import { makeDeterministicEncoder } from './deterministic-encoder.js';

/** An encoder that stops for good at its `count`-th image. */
export function encoderThatStopsAfter(count: number): { encoder: ClipEncoder; stopped: Promise<void> } {
  const encoder = makeDeterministicEncoder();
  let encoded = 0;
  let tell: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (tell = resolve));
  const encode: ClipEncoder['encode'] = async (pixels, options) => {
    encoded += 1;
    if (encoded <= count) return encoder.encode(pixels, options);
    tell();
    return new Promise((_resolve, reject) => {
      options.signal?.addEventListener('abort', () => {
        reject(options.signal?.reason as Error);
      });
    });
  };
  return { encoder: { ...encoder, encode }, stopped };
}

/** An encoder that counts. */
export function countingEncoder(): { encoder: ClipEncoder; count: () => number } {
  const encoder = makeDeterministicEncoder();
  let encoded = 0;
  const encode: ClipEncoder['encode'] = async (pixels, options) => {
    encoded += 1;
    return encoder.encode(pixels, options);
  };
  return { encoder: { ...encoder, encode }, count: () => encoded };
}

/** An encoder that has images in work. */
export interface BusyEncoder {
  encoder: ClipEncoder;
  /** Lets it go on with them, and with all that come. */
  goOn: () => void;
  /** How many images it has in work. */
  inWork: () => number;
  /** How many vectors it has given. */
  count: () => number;
}

/**
 * An encoder that has what comes after its `count`-th image in work until it is told to go on: like a model at its inference, it
 * does not hear that an image is no longer wanted.
 */
export function encoderThatWaitsAfter(count: number): BusyEncoder {
  const encoder = makeDeterministicEncoder();
  let [came, gave] = [0, 0];
  let goOn: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (goOn = resolve));
  const encode: ClipEncoder['encode'] = async (pixels, { priority }) => {
    came += 1;
    if (came > count) await released;
    const vector = await encoder.encode(pixels, { priority });
    gave += 1;
    return vector;
  };
  return { encoder: { ...encoder, encode }, goOn, inWork: () => came - gave, count: () => gave };
}

/** An encoder that fails at its `count`-th image as one does whose process is gone, and works again after that. */
export function encoderThatIsAwayAt(count: number): ClipEncoder {
  const encoder = makeDeterministicEncoder();
  let encoded = 0;
  const encode: ClipEncoder['encode'] = async (pixels, options) => {
    encoded += 1;
    if (encoded === count) throw new ServiceUnavailableError('The model is not there.');
    return encoder.encode(pixels, options);
  };
  return { ...encoder, encode };
}

/** An encoder behind a gate. */
export interface GatedEncoder {
  encoder: ClipEncoder;
  /** Lets everything through from now on. */
  open: () => void;
  /** How many images came through. */
  count: () => number;
  /** How many wait before the gate. */
  waiting: () => number;
}

/**
 * An encoder that keeps what comes after its `count`-th image until the gate is opened, or until it is no longer wanted: as the
 * real one keeps what is in its queue.
 */
export function gatedEncoder(count: number, encoder = makeDeterministicEncoder()): GatedEncoder {
  const waiting = new Set<() => void>();
  let [came, passed, isOpen] = [0, 0, false];
  const encode: ClipEncoder['encode'] = async (pixels, options) => {
    came += 1;
    if (came > count && !isOpen) await turn(waiting, options.signal);
    const vector = await encoder.encode(pixels, options);
    passed += 1;
    return vector;
  };
  const open = (): void => {
    isOpen = true;
    for (const letGo of waiting) letGo();
  };
  return { encoder: { ...encoder, encode }, open, count: () => passed, waiting: () => waiting.size };
}

async function turn(waiting: Set<() => void>, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const letGo = (): void => {
      waiting.delete(letGo);
      resolve();
    };
    waiting.add(letGo);
    signal?.addEventListener('abort', () => {
      waiting.delete(letGo);
      reject(signal.reason as Error);
    });
  });
}
