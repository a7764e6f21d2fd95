import { ModelUnavailableError } from '../../errors.js';
import type { ModelChoice } from './clip-models.js';
import type { EncoderWorkerData, LoadFailure } from './encoder-messages.js';
import type { ThreadStartError } from './encoder-thread.js';

type TowerKind = EncoderWorkerData['tower'];

/** What it means to the operator that a tower did not load, and what to do. */
export function toModelUnavailable(
  error: ThreadStartError,
  choice: ModelChoice,
  tower: TowerKind,
): ModelUnavailableError {
  return new ModelUnavailableError(SENTENCE[tower](error.failure, choice), { cause: error });
}

const SENTENCE: Record<TowerKind, (failure: LoadFailure, choice: ModelChoice) => string> = {
  vision: visionSentence,
  text: textSentence,
};

function visionSentence(failure: LoadFailure, choice: ModelChoice): string {
  const { name } = choice;
  switch (failure.kind) {
    case 'unloadable':
      return `The files of the model "${name}" can't be loaded, so they are damaged or no ONNX model: ${anew(choice)}.`;
    case 'not-clip':
      return (
        `The model "${name}" is not the image tower of a CLIP model: its onnx/vision_model.onnx has to take "pixel_values" of the ` +
        'size that preprocessor_config.json says and give "image_embeds" of the expected length. Set CLIP_MODEL to another one.'
      );
    case 'not-finite':
      return `The model "${name}" gives numbers that are not finite: ${anew(choice)}, or set CLIP_DEVICE=cpu.`;
  }
}

function textSentence(failure: LoadFailure, choice: ModelChoice): string {
  const { name } = choice;
  switch (failure.kind) {
    case 'unloadable':
      return (
        `The files of the text tower of the model "${name}" can't be loaded, so they are damaged or no ONNX model with its ` +
        `tokenizer: ${anew(choice)}.`
      );
    case 'not-clip':
      return (
        `The text tower of the model "${name}" does not belong to its image tower: its onnx/text_model.onnx has to take "input_ids" and ` +
        `give "text_embeds" as long as the vectors of images. To search by words, ${anew(choice)}.`
      );
    case 'not-finite':
      return `The text tower of the model "${name}" gives numbers that are not finite: ${anew(choice)}, or set CLIP_DEVICE=cpu.`;
  }
}

function anew({ source }: ModelChoice): string {
  return source.kind === 'hub' ? 'delete its folder in CLIP_CACHE_DIR to download it anew' : 'replace its files';
}
