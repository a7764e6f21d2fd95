import sharp from 'sharp';
import { shapeOf, type DemoImage, type DemoProduct } from './demo-products.js';
import type { DemoKind, Sketch } from './demo-kind.js';
import { DEMO_KINDS } from './demo-kinds.js';
import { Drawing, PICTURE_SIZE } from './drawing.js';
import { MATERIALS } from './materials.js';
import { exposeAsFilm } from './film.js';
import { COLOURS } from './palette.js';
import { Pen, type Paint } from './pen.js';
import { SeededRandom } from './seeded-random.js';
import { drawStudio } from './studio.js';

const JPEG_QUALITY = 88;

/** What of a product can be seen. */
export type DrawnProduct = Pick<DemoProduct, 'id' | 'category' | 'design'>;

/**
 * Draws one picture of a demo product, always the same for the same product and image.
 *
 * @returns a JPEG of 640 by 640 pixels.
 * @throws RangeError when the product is of a kind that the demo does not have.
 */
export async function renderDemoImage(product: DrawnProduct, image: Pick<DemoImage, 'view'>): Promise<Buffer> {
  const svg = Buffer.from(drawProduct(product, image));
  const pixels = await sharp(svg).removeAlpha().raw().toBuffer();
  exposeAsFilm(pixels);
  const raw = { width: PICTURE_SIZE, height: PICTURE_SIZE, channels: 3 as const };
  return sharp(pixels, { raw }).jpeg({ quality: JPEG_QUALITY }).toBuffer();
}

function drawProduct(product: DrawnProduct, image: Pick<DemoImage, 'view'>): string {
  const kind = kindOf(product);
  const drawing = new Drawing();
  const pose = poseOf(kind, product.id, image.view);
  drawStudio(drawing, kind.studio, { random: pose.random, floor: pose.y });
  const pen = new Pen(drawing);
  pen.moved(transformOf(pose), () => {
    shapeOf(kind, product.design).draw(sketchOf(product, kind, { pen, tilt: pose.tilt }));
  });
  return drawing.toSvg();
}

function kindOf(product: DrawnProduct): DemoKind {
  const kind = DEMO_KINDS.find(({ name }) => name === product.category);
  if (kind === undefined) throw new RangeError(`The demo has no kind called ${product.category}.`);
  return kind;
}

/** Where the camera stands. */
interface Pose {
  x: number;
  y: number;
  scale: number;
  /** 1, or -1 for a mirror image. */
  side: number;
  /** Degrees clockwise. */
  turn: number;
  tilt: number;
  random: SeededRandom;
}

function poseOf(kind: DemoKind, id: number, view: number): Pose {
  const random = new SeededRandom(id * 31 + view * 1_000_003);
  const standing = kind.setting === 'standing';
  const main = view === 1;
  return {
    x: PICTURE_SIZE / 2 + random.between(-18, 18),
    y: kind.floor + random.between(-14, 14) - (main ? 0 : 14),
    scale: kind.zoom * (main ? random.between(0.94, 1.06) : random.between(0.8, 0.9)),
    side: main ? 1 : -1,
    turn: standing ? 0 : random.between(-7, 7),
    tilt: main ? random.between(0.18, 0.26) : random.between(0.3, 0.38),
    random,
  };
}

function transformOf({ x, y, scale, side, turn }: Pose): string {
  const size = `${(scale * side).toFixed(3)} ${scale.toFixed(3)}`;
  return `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${turn.toFixed(2)}) scale(${size})`;
}

function sketchOf({ id, design }: DrawnProduct, kind: DemoKind, scene: Pick<Sketch, 'pen' | 'tilt'>): Sketch {
  const random = new SeededRandom(id * 65_537);
  const material = MATERIALS[design.material];
  const size = Math.round(kind.printSize * random.between(0.8, 1.25));
  const accent = COLOURS[design.accent];
  const main: Paint = { colour: COLOURS[design.colour], material, pattern: design.pattern, accent, size };
  return { ...scene, main, trim: { ...main, pattern: 'plain', colour: accent }, random };
}
