import { plain, type DemoKind, type DemoShape, type Sketch } from '../demo-kind.js';
import { closedCurve, ellipse, lathe, polygon, type Point } from '../outline.js';
import { darker, lighter } from '../palette.js';
import type { Pen } from '../pen.js';

const TAPERED: readonly Point[] = [[96, -150], [98, -122, 'corner'], [88, -122, 'corner'], [68, -6], [60, 0]];
const BOWL: readonly Point[] = [[104, -118], [116, -80], [100, -30], [62, 0]];
const TALL: readonly Point[] = [[66, -200], [70, -190], [58, -20], [52, 0]];
const BELLY: readonly Point[] = [[66, -140], [70, -130], [100, -80], [86, -20], [56, 0]];

const GREENS = ['#3f7d4a', '#4f8f55', '#2f6a48', '#6a9a58'] as const;

/** Where a plant grows: the height of the soil and half the width that it may take at its foot. */
interface Bed {
  y: number;
  halfWidth: number;
}

type Plant = (sketch: Sketch, bed: Bed) => void;

/** A blade from its foot to its tip, bent to one side, with a light midrib. */
function drawBlade(pen: Pen, colour: string, [x, y, tipX, tipY, width]: readonly [number, number, number, number, number]): void {
  const [midX, midY] = [x + (tipX - x) * 0.3, y + (tipY - y) * 0.62];
  const shape = `M${x - width * 0.35} ${y}Q${midX - width} ${midY} ${tipX} ${tipY}Q${midX + width} ${midY} ${x + width * 0.35} ${y}Z`;
  pen.fade(shape, [[0, lighter(colour, 0.16), 1], [1, darker(colour, 0.45), 1]], 70);
  pen.line(`M${x} ${y}Q${midX} ${midY} ${tipX} ${tipY}`, lighter(colour, 0.24), 1.6);
}

const drawSnakePlant: Plant = ({ pen, random }, { y, halfWidth }) => {
  for (const share of [-0.8, 0.75, -0.4, 0.45, 0.05]) {
    const x = share * halfWidth * 0.6;
    const height = random.between(150, 205) * (1 - Math.abs(share) * 0.3);
    drawBlade(pen, random.pick(GREENS), [x, y + 4, x + share * 46, y - height, 24]);
  }
};

const drawPalm: Plant = ({ pen, random }, { y }) => {
  pen.rope(`M0 ${y}L4 ${y - 60}`, plain('brown', 'wood'), 13);
  for (const angle of [-80, 78, -52, 55, -28, 24, 0]) {
    const length = random.between(120, 150);
    const [tipX, tipY] = [Math.sin((angle * Math.PI) / 180) * length, -Math.cos((angle * Math.PI) / 180) * length * 0.85];
    drawBlade(pen, random.pick(GREENS), [4, y - 56, 4 + tipX, y - 66 + tipY + Math.abs(angle) * 0.25, 21]);
  }
};

const drawCactus: Plant = ({ pen, random }, { y }) => {
  const green = { ...plain('#4b8b5d', 'felt'), pattern: 'pinstriped', accent: '#2f6644', size: 22 } as const;
  const arm = `M-34 ${y - 70}C-84 ${y - 66} -86 ${y - 100} -80 ${y - 128}`;
  pen.rope(arm, green, 34);
  pen.rope(`M34 ${y - 50}C76 ${y - 48} 80 ${y - 74} 76 ${y - 92}`, green, 28);
  const trunk = `M-38 ${y + 8}V${y - 150}C-38 ${y - 200} 38 ${y - 200} 38 ${y - 150}V${y + 8}Z`;
  pen.solid(trunk, green, { form: 'tube', edge: 22 });
  for (let spot = 0; spot < 20; spot += 1) {
    const [x, top] = [random.between(-32, 30), random.between(y - 168, y - 4)];
    pen.line(`M${x} ${top}l3 -5M${x} ${top}l-3 -4`, '#f4efd8', 1.2);
  }
  pen.area(ellipse(4, y - 186, [13, 9]), '#e76f8d');
};

const drawMonstera: Plant = ({ pen, random }, { y }) => {
  const places: readonly Point[] = [[-78, -96], [80, -104], [-40, -168], [48, -180], [2, -122]];
  for (const [x, top] of places) pen.rope(`M0 ${y}Q${x * 0.2} ${y + top * 0.5} ${x} ${y + top + 14}`, plain('#4a7c48', 'felt'), 5);
  for (const [x, top] of places) {
    const size = random.between(0.85, 1.1);
    pen.moved(`translate(${x} ${y + top}) rotate(${x * 0.55}) scale(${size})`, () => drawRoundLeaf(pen, random.pick(GREENS)));
  }
};

function drawRoundLeaf(pen: Pen, green: string): void {
  const leaf = closedCurve([[0, 22, 'corner'], [-44, 26], [-50, -18], [-22, -52], [0, -64, 'corner'], [22, -52], [50, -18], [44, 26]]);
  pen.fade(leaf, [[0, lighter(green, 0.26), 1], [1, darker(green, 0.34), 1]], 60);
  pen.line('M0 20V-56M0 6L-34 -14M0 6L34 -14M0 -16L-30 -36M0 -16L30 -36', lighter(green, 0.35), 1.7);
  pen.soft(leaf, 7, { opacity: 0.25 });
}

const drawSucculents: Plant = ({ pen, random }, { y, halfWidth }) => {
  for (const [share, size] of [[-0.55, 0.9], [0.58, 0.86], [0.02, 1.15]] as const) {
    const colour = random.pick(['#7fae92', '#9bbf8a', '#b48aa0', '#5f9a80'] as const);
    pen.moved(`translate(${share * halfWidth} ${y - 16}) scale(${size})`, () => drawRosette(pen, colour));
  }
};

function drawRosette(pen: Pen, colour: string): void {
  for (const [count, length, lift] of [[9, 46, 0], [7, 34, -8], [5, 20, -13]] as const) {
    for (let index = 0; index < count; index += 1) {
      const angle = (index / (count - 1) - 0.5) * 200;
      const petal = `M-9 0Q-12 ${-length * 0.75} 0 ${-length}Q12 ${-length * 0.75} 9 0Z`;
      pen.moved(`translate(0 ${lift}) rotate(${angle})`, () => {
        pen.fade(petal, [[0, lighter(colour, 0.32), 1], [1, darker(colour, 0.36), 1]]);
      });
    }
  }
}

function drawPot(sketch: Sketch, profile: readonly Point[], plant: Plant): void {
  const { pen, main, tilt } = sketch;
  const [mouth = 0, top = 0] = profile[0] ?? [];
  const radius = Math.max(...profile.map(([x]) => x));
  pen.ground(0, 0, radius);
  pen.area(ellipse(0, top, [mouth, mouth * tilt]), lighter(main.colour, 0.25));
  pen.fade(ellipse(0, top, [mouth - 7, (mouth - 7) * tilt]), [[0, '#1c130d', 1], [1, '#4b3626', 1]]);
  plant(sketch, { y: top + mouth * tilt * 0.25, halfWidth: mouth * 0.8 });
  const front = `M${-mouth} ${top}A${mouth} ${mouth * tilt} 0 0 0 ${mouth} ${top}`;
  pen.solid(frontOf(profile, tilt), main, { form: 'tube', wrap: { radius, depth: radius * tilt }, edge: 20 });
  pen.soft(front, 4, { colour: '#fff', opacity: 0.75 });
}

/** The outline of a turned body without its open top: the rim's near half is its upper edge. */
function frontOf(profile: readonly Point[], tilt: number): string {
  return lathe(profile, tilt).replace(/^(M\S+ \S+A\S+ \S+ 0 0) 1/, '$1 0');
}

function drawCube(sketch: Sketch): void {
  const { pen, main, tilt } = sketch;
  const depth = 60 * tilt;
  pen.ground(0, 0, 104);
  pen.area(polygon([[-96, -150], [-78, -150 - depth * 2], [78, -150 - depth * 2], [96, -150]]), lighter(main.colour, 0.25));
  pen.area(polygon([[-84, -153], [-69, -148 - depth * 2], [69, -148 - depth * 2], [84, -153]]), '#2b1e15');
  drawSnakePlant(sketch, { y: -156, halfWidth: 90 });
  pen.solid(polygon([[-96, -150], [96, -150], [84, 6], [-84, 6]]), main, { form: 'slab', edge: 18 });
}

function drawLegged(sketch: Sketch): void {
  const { pen } = sketch;
  pen.ground(0, 0, 90);
  pen.rope('M-30 -70L-66 0', plain('oak', 'wood'), 12);
  pen.rope('M30 -70L66 0', plain('oak', 'wood'), 12);
  pen.moved('translate(0 -44) scale(0.92)', () => drawPot(sketch, BOWL, drawMonstera));
  pen.rope('M0 -30L4 12', plain('oak', 'wood'), 12);
}

function drawSaucerPot(sketch: Sketch): void {
  sketch.pen.ground(0, 4, 104);
  sketch.pen.solid(lathe([[100, -14], [82, 4]], sketch.tilt), { ...sketch.main, pattern: 'plain' }, { form: 'tube' });
  sketch.pen.moved('translate(0 -8)', () => drawPot(sketch, TAPERED, drawCactus));
}

const CLAYS = ['ceramic', 'stoneware', 'terracotta', 'concrete'] as const;
const GLAZES = ['plain', 'striped', 'zigzag', 'dotted', 'two-tone', 'speckled', 'wavy', 'diamond'] as const;

function pot(noun: string, prices: readonly [number, number], draw: DemoShape['draw']): DemoShape {
  return { noun, materials: CLAYS, patterns: GLAZES, prices, draw };
}

export const PLANT_POTS: DemoKind = {
  name: 'Plant pots',
  folder: 'plant-pots',
  setting: 'standing',
  zoom: 1.26,
  floor: 530,
  printSize: 38,
  brands: ['Gartenlicht', 'Fern & Loam', 'Clayfold'],
  blurb: 'With a hole for water and a saucer below it. The plant is not included.',
  shapes: [
    pot('cactus pot', [9, 22], drawSaucerPot),
    pot('planting bowl', [14, 32], (sketch) => drawPot(sketch, BOWL, drawSucculents)),
    pot('tall planter', [24, 58], (sketch) => drawPot(sketch, TALL, drawPalm)),
    pot('belly pot', [16, 34], (sketch) => drawPot(sketch, BELLY, drawMonstera)),
    pot('square planter', [19, 44], drawCube),
    pot('planter on legs', [29, 64], drawLegged),
  ],
};
