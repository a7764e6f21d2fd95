import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../src/paths.js';
import { onnxModel } from './onnx-writer.js';
import { OPSET, VIT_B_32, vitGraph, type VitShape } from './vit-graph.js';

/** What CLIP's ViT models want done to a photograph, as their `preprocessor_config.json` has it. */
function preprocessorOf({ imageSize }: VitShape): Record<string, unknown> {
  return {
    image_processor_type: 'CLIPImageProcessor',
    feature_extractor_type: 'CLIPFeatureExtractor',
    do_resize: true,
    size: { shortest_edge: imageSize },
    resample: 3,
    do_center_crop: true,
    crop_size: { height: imageSize, width: imageSize },
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    do_convert_rgb: true,
    image_mean: [0.48145466, 0.4578275, 0.40821073],
    image_std: [0.26862954, 0.26130258, 0.27577711],
  };
}

/** Writes what says how a model is called and what it wants to see, into a folder of the hub's layout. */
export async function writeVitConfig(folder: string, shape = VIT_B_32): Promise<void> {
  await mkdir(folder, { recursive: true });
  const config = { model_type: 'clip', architectures: ['CLIPModel'] };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  await writeFile(join(folder, 'preprocessor_config.json'), JSON.stringify(preprocessorOf(shape)));
}

/** Writes a model with random weights, as a folder of the hub's layout that `CLIP_MODEL` may name. */
export async function writeVitModel(folder: string, shape: VitShape): Promise<void> {
  await writeVitConfig(folder, shape);
  await mkdir(join(folder, 'onnx'));
  const file = await open(join(folder, 'onnx', 'vision_model.onnx'), 'w');
  for (const piece of onnxModel(vitGraph(shape), OPSET)) await file.write(piece);
  await file.close();
}

/** A model of ViT-B/32's true shape with random weights: made at the first call, which takes some seconds, and kept, 350 MB. */
export async function vitB32Folder(): Promise<string> {
  const folder = join(projectRoot, 'node_modules', '.cache', 'lookalike-bench', 'vit-b-32');
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}.part`;
  await writeVitModel(draft, VIT_B_32);
  // Another process may have made the same one meanwhile.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }));
  return folder;
}
