import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { writeVitModel } from '../../bench/vit-model.js';
import { startClipEncoder } from '../../src/services/clip/clip-encoder.js';
import { clipConfig } from '../support/clip-config.js';
import { testEncoderContract } from '../support/encoder-contract.js';
import { silentLog } from '../support/silent-log.js';

/** ViT-B/32 in small. */
const SHAPE = { imageSize: 32, patchSize: 8, width: 24, layers: 2, heads: 3, dimensions: 16 };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-vit-'));
  await writeVitModel(folder, SHAPE);
});

afterAll(() => rm(folder, { recursive: true }));

testEncoderContract('a model of the benches, with random weights', () =>
  startClipEncoder({ config: clipConfig({ model: folder }), log: silentLog }),
);
