import type { PreprocessingSpec } from './preprocessing-spec.js';

export interface Size {
  width: number;
  height: number;
}

/** Where the pixels that a model sees lie in the scaled photograph. */
export interface CropGeometry {
  scaled: Size;
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * Pillow's geometry as Hugging Face's `CLIPImageProcessor` drives it: the long edge is cut down to whole pixels
 * (`int(size * long / short)`), and so is the margin of the centre crop (`(height - crop) // 2`). One pixel of difference
 * here moves a vector further than any choice of kernel.
 *
 * @param photograph - the upright photograph.
 */
export function cropGeometry(photograph: Size, spec: PreprocessingSpec): CropGeometry {
  const scaled = scaledSize(photograph, spec);
  return {
    scaled,
    left: Math.floor((scaled.width - spec.cropWidth) / 2),
    top: Math.floor((scaled.height - spec.cropHeight) / 2),
    width: spec.cropWidth,
    height: spec.cropHeight,
  };
}

function scaledSize({ width, height }: Size, { scaling }: PreprocessingSpec): Size {
  if (scaling.kind === 'stretch') return { width: scaling.width, height: scaling.height };
  const short = Math.min(width, height);
  const long = Math.floor((scaling.length * Math.max(width, height)) / short);
  return width <= height ? { width: scaling.length, height: long } : { width: long, height: scaling.length };
}
