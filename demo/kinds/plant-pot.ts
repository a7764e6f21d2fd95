import { plain, type DemoKind, type DemoShape, type Sketch } from '../demo-kind.js';
import { ellipse, lathe, polygon, type Point } from '../outline.js';
import { lighter } from '../palette.js';
import { drawCactus, drawMonstera, drawPalm, drawSnakePlant, drawSucculents, type Plant } from './potted-plants.js';

const TAPERED: readonly Point[] = [
  [96, -150],
  [98, -122, 'corner'],
  [88, -122, 'corner'],
  [68, -6],
  [60, 0],
];
const BOWL: readonly Point[] = [
  [104, -118],
  [116, -80],
  [100, -30],
  [62, 0],
];
const TALL: readonly Point[] = [
  [66, -200],
  [70, -190],
  [58, -20],
  [52, 0],
];
const BELLY: readonly Point[] = [
  [66, -140],
  [70, -130],
  [100, -80],
  [86, -20],
  [56, 0],
];

function drawPot(sketch: Sketch, profile: readonly Point[], plant: Plant): void {
  const { pen, main, tilt } = sketch;
  const [mouth = 0, top = 0] = profile[0] ?? [];
  const radius = Math.max(...profile.map(([x]) => x));
  pen.ground(0, 0, radius);
  pen.area(ellipse(0, top, [mouth, mouth * tilt]), lighter(main.colour, 0.25));
  pen.blend(ellipse(0, top, [mouth - 7, (mouth - 7) * tilt]), ['#1c130d', '#4b3626']);
  plant(sketch, { y: top + mouth * tilt * 0.25, halfWidth: mouth * 0.8 });
  const front = `M${-mouth} ${top}A${mouth} ${mouth * tilt} 0 0 0 ${mouth} ${top}`;
  pen.solid(frontOf(profile, tilt), main, { form: 'tube', wrap: { radius, depth: radius * tilt }, edge: 20 });
  pen.soft(front, 4, { colour: '#fff', opacity: 0.75 });
}

/** The outline of a turned body without its open top: the rim's near half is its upper edge. */
function frontOf(profile: readonly Point[], tilt: number): string {
  return lathe(profile, tilt).replace(/^(M\S+ \S+A\S+ \S+ 0 0) 1/, '$1 0');
}

function drawSucculentBowl(sketch: Sketch): void {
  sketch.pen.moved('scale(1.34)', () => {
    drawPot(sketch, BOWL, drawSucculents);
  });
}

function drawCube(sketch: Sketch): void {
  const { pen, main, tilt } = sketch;
  const depth = 60 * tilt;
  pen.ground(0, 0, 104);
  pen.area(
    polygon([
      [-96, -150],
      [-78, -150 - depth * 2],
      [78, -150 - depth * 2],
      [96, -150],
    ]),
    lighter(main.colour, 0.25),
  );
  pen.area(
    polygon([
      [-84, -153],
      [-69, -148 - depth * 2],
      [69, -148 - depth * 2],
      [84, -153],
    ]),
    '#2b1e15',
  );
  drawSnakePlant(sketch, { y: -156, halfWidth: 90 });
  pen.solid(
    polygon([
      [-96, -150],
      [96, -150],
      [84, 6],
      [-84, 6],
    ]),
    main,
    { form: 'slab', edge: 18 },
  );
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
  sketch.pen.solid(
    lathe(
      [
        [100, -14],
        [82, 4],
      ],
      sketch.tilt,
    ),
    { ...sketch.main, pattern: 'plain' },
    { form: 'tube' },
  );
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
  studio: { walls: ['#f2f1ec', '#e9ebe6'], ground: 'table', grounds: ['#e0d6c6', '#d9cdb9'] },
  zoom: 1.26,
  floor: 530,
  printSize: 38,
  colours: ['white', 'tan', 'orange', 'coral', 'sand', 'teal', 'mint', 'navy', 'grey', 'charcoal', 'cream', 'mustard'],
  brands: ['Gartenlicht', 'Fern & Loam', 'Clayfold'],
  blurb: 'With a hole for water and a saucer below it. The plant is not included.',
  shapes: [
    pot('cactus pot', [9, 22], drawSaucerPot),
    pot('planting bowl', [14, 32], drawSucculentBowl),
    pot('tall planter', [24, 58], (sketch) => drawPot(sketch, TALL, drawPalm)),
    pot('belly pot', [16, 34], (sketch) => drawPot(sketch, BELLY, drawMonstera)),
    pot('square planter', [19, 44], drawCube),
    pot('planter on legs', [29, 64], drawLegged),
  ],
};
