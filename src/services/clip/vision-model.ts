import { CLIPVisionModelWithProjection, Tensor } from '@xenova/transformers';
import type { ImageBatch, VisionWorkerData } from './encoder-messages.js';
import { openSession, tryTower, vectorsOf, type LoadedTower, type Session } from './open-session.js';
import { PixelNormaliser } from './pixel-normaliser.js';

type VisionSession = Session<{ pixel_values: Tensor }>;

/**
 * Loads the image tower of a model and tries it on one grey image.
 *
 * @throws ModelLoadError
 */
export async function loadVisionModel(settings: VisionWorkerData): Promise<LoadedTower<ImageBatch>> {
  const session: VisionSession = await openSession(CLIPVisionModelWithProjection, settings);
  const normaliser = new PixelNormaliser(settings.preprocessing, settings.maxBatch);
  return tryTower(async (batch) => run(session, normaliser, batch), greyImage(settings));
}

async function run(session: VisionSession, normaliser: PixelNormaliser, batch: ImageBatch): Promise<Float32Array> {
  const { data, dims } = normaliser.normalise(batch);
  const { image_embeds: embeds } = await session({ pixel_values: new Tensor('float32', data, dims) });
  return vectorsOf(embeds, { name: 'image_embeds', count: batch.count });
}

function greyImage({ preprocessing }: VisionWorkerData): ImageBatch {
  const { cropWidth, cropHeight } = preprocessing;
  return { count: 1, pixels: new Uint8Array(cropWidth * cropHeight * 3).fill(128) };
}
