import { onTestFinished } from 'vitest';
import type { ImageConfig } from '../../src/config.js';
import { ImageError } from '../../src/errors.js';
import {
  makeImageSource,
  type ImageSource,
  type ImageSourceOverrides,
} from '../../src/services/images/image-source.js';
import { imageSettings, startImageHost, type Answer, type ImageHost, type ImageHostOptions } from './image-host.js';

/** Starts a host of images that is closed when the running test is over. */
export async function serve(routes: Record<string, Answer>, options?: ImageHostOptions): Promise<ImageHost> {
  const host = await startImageHost(routes, options);
  onTestFinished(() => host.close());
  return host;
}

/** Makes a source that may fetch from the host, hardly waits between attempts and is closed when the test is over. */
export function sourceFor(
  host: ImageHost,
  given: Partial<ImageConfig> = {},
  overrides?: ImageSourceOverrides,
): ImageSource {
  const settings = imageSettings({ allowedPrivateHosts: [host.host], ...given });
  const source = makeImageSource(settings, { retryDelayMs: 1, ...overrides });
  onTestFinished(() => source.close());
  return source;
}

/** The ImageError that a read ends with; anything else fails the test. */
export async function imageErrorOf(reading: Promise<unknown>): Promise<ImageError> {
  const error: unknown = await reading.then(
    () => new Error('The photograph was read.'),
    (caught: unknown) => caught,
  );
  if (!(error instanceof ImageError)) throw error;
  return error;
}
