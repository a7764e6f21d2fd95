import { ModelUnavailableError } from '../../errors.js';

/** A value for red, green and blue. */
export type PerChannel = readonly [number, number, number];

/**
 * How a photograph is scaled before its centre is cut out: so that its short edge has a length, the long one in
 * proportion, or to a width and height, whatever its proportions are. In pixels.
 */
export type Scaling = { kind: 'short-edge'; length: number } | { kind: 'stretch'; width: number; height: number };

/** What a model wants done to a photograph before it sees it; read from its `preprocessor_config.json`. */
export interface PreprocessingSpec {
  scaling: Scaling;
  /** Pixels of the centre that the model sees. */
  cropWidth: number;
  cropHeight: number;
  /** What a byte is multiplied with to come to the unit of `mean` and `std`: usually 1 / 255. */
  rescaleFactor: number;
  mean: PerChannel;
  std: PerChannel;
}

/** `PIL.Image.Resampling.BICUBIC`, which is what every CLIP was trained with. */
const PILLOW_BICUBIC = 3;

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads the settings of Hugging Face's `CLIPImageProcessor`. `size` may be a number or `{ shortest_edge }` or
 * `{ height, width }`, and `crop_size` a number or `{ height, width }`: all of these are in use on the hub.
 *
 * @param json - the parsed `preprocessor_config.json`.
 * @param modelName - for messages.
 * @throws ModelUnavailableError for a setting that can't be honoured, naming it.
 */
export function readPreprocessingSpec(json: unknown, modelName: string): PreprocessingSpec {
  const refuse = (setting: string, value: unknown): never => {
    const shown = value === undefined ? 'missing' : JSON.stringify(value);
    throw new ModelUnavailableError(
      `The model "${modelName}" asks for preprocessing that is not supported: "${setting}" in its ` +
        `preprocessor_config.json is ${shown}. Choose another CLIP model.`,
    );
  };
  if (!isObject(json)) return refuse('the file itself', json);
  const setting = <T>(name: string, parse: (value: unknown) => T | undefined): T =>
    parse(json[name]) ?? refuse(name, json[name]);

  setting('do_resize', onlyTrue);
  setting('do_rescale', onlyTrue);
  setting('resample', (value) => (value === undefined || value === PILLOW_BICUBIC ? true : undefined));
  const scaling = setting('size', scalingOf);
  const crop = json.do_center_crop === false ? wholeOf(scaling) : setting('crop_size', rectangleOf);
  if (crop === undefined || !fits(crop, scaling)) return refuse('crop_size', json.crop_size);
  const isNormalised = json.do_normalize !== false;
  return {
    scaling,
    cropWidth: crop.width,
    cropHeight: crop.height,
    rescaleFactor: setting('rescale_factor', (value) => (value === undefined ? 1 / 255 : positive(value))),
    mean: isNormalised ? setting('image_mean', perChannel) : [0, 0, 0],
    std: isNormalised ? setting('image_std', (value) => perChannel(value, (part) => part > 0)) : [1, 1, 1],
  };
}

function onlyTrue(value: unknown): true | undefined {
  return value === undefined || value === true ? true : undefined;
}

function scalingOf(value: unknown): Scaling | undefined {
  const length = pixelCount(isObject(value) ? value.shortest_edge : value);
  if (length !== undefined) return { kind: 'short-edge', length };
  const rectangle = isObject(value) ? rectangleOf(value) : undefined;
  return rectangle && { kind: 'stretch', ...rectangle };
}

interface Rectangle {
  width: number;
  height: number;
}

function rectangleOf(value: unknown): Rectangle | undefined {
  const width = pixelCount(isObject(value) ? value.width : value);
  const height = pixelCount(isObject(value) ? value.height : value);
  return width === undefined || height === undefined ? undefined : { width, height };
}

/** What is left without a crop: models take one size only, so that is known for stretched photographs alone. */
function wholeOf(scaling: Scaling): Rectangle | undefined {
  return scaling.kind === 'stretch' ? { width: scaling.width, height: scaling.height } : undefined;
}

/** The reference pads a crop that is larger than the picture with black; no CLIP is trained that way. */
function fits(crop: Rectangle, scaling: Scaling): boolean {
  const width = scaling.kind === 'stretch' ? scaling.width : scaling.length;
  const height = scaling.kind === 'stretch' ? scaling.height : scaling.length;
  return crop.width <= width && crop.height <= height;
}

function perChannel(value: unknown, accepts: (part: number) => boolean = Number.isFinite): PerChannel | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [red, green, blue] = value as unknown[];
  const isPart = (part: unknown): part is number => typeof part === 'number' && accepts(part);
  return isPart(red) && isPart(green) && isPart(blue) ? [red, green, blue] : undefined;
}

function pixelCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 4096 ? value : undefined;
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
