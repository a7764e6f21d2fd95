import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ClipConfig } from '../config.js';
import { startClipEncoder } from '../services/clip/clip-encoder.js';
import { MODEL_FILES, modelFolder, resolveModel, type ModelChoice } from '../services/clip/clip-models.js';
import type { ImageEncoder } from '../services/clip/image-encoder.js';
import { EmbeddingModelStore } from '../services/embedding-model-store.js';
import { configuredModel } from '../services/model-room.js';
import type { Pixels } from '../types.js';
import type { Installation } from './installation.js';
import { fault, ok, type Finding } from './finding.js';

/** Time for the hub to answer. */
const HUB_TIMEOUT_MS = 10_000;

/** Whether the model of CLIP_MODEL is there or can be had, loads, and makes vectors that tell pictures apart. */
export async function checkModel(installation: Installation, signal: AbortSignal): Promise<Finding[]> {
  const { clip } = installation.config;
  const stored = await storedModels(installation);
  const { name, source } = await configuredModel(clip.model, { find: async (one) => stored?.find(one) ?? null });
  const config = { ...clip, model: source ?? clip.model };
  const choice = resolveModel(config.model);
  const folder = modelFolder(choice.source, clip.cacheDir);
  const missing = MODEL_FILES.find((file) => !existsSync(join(folder, file)));
  if (missing !== undefined && choice.source.kind === 'hub' && !clip.offline)
    return [await askHub(choice, missing, clip)];
  // What is not there is not to be fetched now.
  const encoder = await startClipEncoder({ config: { ...config, offline: true }, log: installation.log, name, signal });
  try {
    const { dimensions = null } = (await stored?.find(name)) ?? {};
    return [ok(`The model ${name} is there and loads.`), await tryOut(encoder, dimensions)];
  } finally {
    await encoder.close();
  }
}

/** Null where the vector database has no models yet, or none can be asked: that is another check's to tell. */
async function storedModels(installation: Installation): Promise<EmbeddingModelStore | null> {
  try {
    const vectors = await installation.vectors();
    if (vectors === null) return null;
    const store = new EmbeddingModelStore(vectors.database);
    await store.list();
    return store;
  } catch {
    return null;
  }
}

/** Asks for the file, and takes no more than the head of the answer. */
async function askHub({ name, source }: ModelChoice, file: string, config: ClipConfig): Promise<Finding> {
  const id = source.kind === 'hub' ? source.id : name;
  const { host } = new URL(config.endpoint);
  try {
    const answer = await fetch(new URL(`${id}/resolve/main/${file}`, config.endpoint), {
      redirect: 'manual',
      signal: AbortSignal.timeout(HUB_TIMEOUT_MS),
      ...(config.token !== null && { headers: { authorization: `Bearer ${config.token}` } }),
    });
    await answer.body?.cancel();
    if (answer.status < 400)
      return ok(`The model ${name} is not here yet; ${host} has it, and the first start downloads it.`);
    return fault(
      `The model ${name} is not here, and ${host} answers ${answer.status}.`,
      'Check CLIP_MODEL, set HF_TOKEN to a token that may read it, or set HF_ENDPOINT to a mirror.',
    );
  } catch {
    return fault(
      `The model ${name} is not here, and ${host} does not answer.`,
      'Check the connection, set HF_ENDPOINT to a mirror, or copy the model into CLIP_CACHE_DIR.',
    );
  }
}

/** Two pictures that hardly differ and one of another kind, none of which any shop sells. */
async function tryOut(encoder: ImageEncoder, storedDimensions: number | null): Promise<Finding> {
  const { cropWidth: width, cropHeight: height } = encoder.preprocessing;
  const pictures = [stripes(width, height, 0), stripes(width, height, 3), board(width, height)];
  const [one, twin, other] = await Promise.all(
    pictures.map((pixels) => encoder.encode(pixels, { priority: 'search' })),
  );
  if (one === undefined || twin === undefined || other === undefined) throw new TypeError('A vector is missing.');
  const [near, far] = [innerProduct(one, twin), innerProduct(one, other)];
  const anew = 'Remove its folder and get the model anew, or choose another CLIP_MODEL.';
  if (storedDimensions !== null && storedDimensions !== one.length) {
    return fault(
      `It makes ${one.length} numbers a picture, and its stored embeddings have ${storedDimensions}: it is another model of that name.`,
      'Give the new one a name of its own.',
    );
  }
  const figures = `${one.length} numbers a picture, similarity ${near.toFixed(3)} to nearly the same one and ${far.toFixed(3)} to another`;
  if (!(near > far) || Math.abs(innerProduct(one, one) - 1) > 0.01) {
    return fault(`It does not tell pictures apart: ${figures}.`, anew);
  }
  return ok(`It tells pictures apart: ${figures}.`);
}

function innerProduct(left: Float32Array, right: Float32Array): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}

/** Warm stripes; `shift` makes all of it a little lighter. */
function stripes(width: number, height: number, shift: number): Pixels {
  return paint(width, height, (x) => (Math.floor(x / 16) % 2 === 0 ? [200 + shift, 60, 30] : [250, 200 + shift, 90]));
}

/** A cold chessboard. */
function board(width: number, height: number): Pixels {
  return paint(width, height, (x, y) => (((x >> 5) + (y >> 5)) % 2 === 0 ? [10, 40, 120] : [225, 235, 245]));
}

function paint(width: number, height: number, colour: (x: number, y: number) => readonly number[]): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let index = 0; index < width * height; index++)
    data.set(colour(index % width, Math.floor(index / width)), index * 3);
  return { data, width, height };
}
