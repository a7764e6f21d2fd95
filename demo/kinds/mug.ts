import type { DemoKind, DemoShape, Sketch } from '../demo-kind.js';
import { ellipse, lathe, type Point } from '../outline.js';
import { darker, lighter } from '../palette.js';

/** A cup by its right side, from top to bottom, and its handle. */
interface Form {
  profile: readonly Point[];
  /** Path of the handle, which may be empty. */
  handle: string;
  handleWidth: number;
}

const STRAIGHT: Form = {
  profile: [
    [98, -230],
    [98, -120],
    [97, -30],
    [88, -8],
    [78, 0],
  ],
  handle: 'M96 -192C170 -206 178 -66 92 -62',
  handleWidth: 24,
};
const TALL: Form = {
  profile: [
    [88, -268],
    [81, -160],
    [69, -40],
    [63, -10],
    [56, 0],
  ],
  handle: 'M85 -228C146 -236 150 -106 76 -98',
  handleWidth: 20,
};
const ROUND: Form = {
  profile: [
    [92, -206],
    [112, -150],
    [116, -100],
    [92, -30],
    [60, 0],
  ],
  handle: 'M104 -170C178 -190 182 -66 106 -64',
  handleWidth: 22,
};
const FLARED: Form = {
  profile: [
    [122, -196],
    [100, -130],
    [74, -60],
    [60, -26],
    [62, 0],
  ],
  handle: 'M112 -172C176 -180 160 -74 80 -78',
  handleWidth: 19,
};
const WIDE: Form = {
  profile: [
    [146, -150],
    [140, -90],
    [104, -28],
    [66, -4],
    [62, 0],
  ],
  handle: 'M144 -120C204 -134 202 -50 118 -48',
  handleWidth: 20,
};
const BEAKER: Form = {
  profile: [
    [90, -236],
    [86, -150],
    [78, -40],
    [70, -8],
    [60, 0],
  ],
  handle: '',
  handleWidth: 0,
};

function drawCup({ pen, main, trim, tilt }: Sketch, form: Form): void {
  const top = form.profile[0] ?? [0, 0];
  const radius = Math.max(...form.profile.map(([x]) => x));
  pen.ground(0, 0, radius);
  if (form.handle) pen.rope(form.handle, main, form.handleWidth);
  pen.solid(lathe(form.profile, tilt), main, { form: 'tube', wrap: { radius, depth: radius * tilt }, edge: 22 });
  const inside = main.pattern === 'plain' ? lighter(main.colour, 0.1) : lighter(trim.colour, 0.15);
  drawOpening({ pen, tilt }, { radius: top[0], y: top[1], rim: lighter(main.colour, 0.35), inside });
}

interface Opening {
  radius: number;
  y: number;
  rim: string;
  inside: string;
}

function drawOpening({ pen, tilt }: Pick<Sketch, 'pen' | 'tilt'>, { radius, y, rim, inside }: Opening): void {
  const mouth = ellipse(0, y, [radius - 5, (radius - 5) * tilt]);
  pen.area(ellipse(0, y, [radius, radius * tilt]), rim);
  pen.fade(
    mouth,
    [
      [0, darker(inside, 0.62), 1],
      [0.5, darker(inside, 0.34), 1],
      [1, darker(inside, 0.05), 1],
    ],
    38,
  );
  pen.clipped(mouth, () => {
    pen.area(ellipse(0, y + radius * tilt * 0.5, [radius * 0.95, radius * tilt]), '#3b2216', 0.93);
    pen.soft(ellipse(0, y + radius * tilt * 0.5, [radius * 0.93, radius * tilt * 0.98]), 7, {
      colour: '#c08a55',
      opacity: 0.6,
    });
  });
  pen.soft(
    `M${-radius * 0.8} ${y + radius * tilt * 0.58}A${radius} ${radius * tilt} 0 0 0 ${radius * 0.2} ${y + radius * tilt}`,
    3,
    { colour: '#fff', opacity: 0.8 },
  );
}

function drawSaucerCup(sketch: Sketch): void {
  const { pen, main, tilt } = sketch;
  pen.ground(0, 6, 150);
  pen.solid(
    lathe(
      [
        [165, -22],
        [110, -4],
        [70, 6],
      ],
      tilt,
    ),
    main,
    { form: 'tube', wrap: { radius: 165, depth: 165 * tilt } },
  );
  pen.solid(
    ellipse(0, -22, [163, 163 * tilt]),
    { ...main, pattern: 'plain', colour: lighter(main.colour, 0.12) },
    { form: 'slab' },
  );
  pen.soft(ellipse(0, -20, [96, 96 * tilt]), 16, { opacity: 0.3 });
  pen.moved('translate(0 -18) scale(0.86)', () => drawCup(sketch, WIDE));
}

const POTTERY = ['ceramic', 'stoneware', 'porcelain'] as const;
const PATTERNS = [
  'plain',
  'striped',
  'dotted',
  'floral',
  'zigzag',
  'checked',
  'leafy',
  'two-tone',
  'speckled',
  'wavy',
] as const;

function cup(noun: string, form: Form, prices: readonly [number, number]): DemoShape {
  return { noun, materials: POTTERY, patterns: PATTERNS, prices, draw: (sketch) => drawCup(sketch, form) };
}

export const MUGS: DemoKind = {
  name: 'Mugs',
  folder: 'mugs',
  setting: 'standing',
  studio: { walls: ['#e6dccb', '#e2d3bd'], ground: 'table', grounds: ['#b98f63', '#c49b6f'] },
  zoom: 1.5,
  floor: 486,
  printSize: 42,
  colours: ['cream', 'white', 'blue', 'teal', 'mustard', 'red', 'navy', 'mint', 'coral', 'forest', 'yellow'],
  brands: ['Morgenrot', 'Clayfold', 'Tidewater Pottery'],
  blurb: 'Holds its warmth through a long morning and goes in the dishwasher.',
  shapes: [
    cup('mug', STRAIGHT, [12, 24]),
    cup('latte mug', TALL, [14, 26]),
    cup('belly mug', ROUND, [15, 28]),
    cup('flared mug', FLARED, [14, 26]),
    cup('beaker', BEAKER, [9, 19]),
    {
      noun: 'cup and saucer',
      materials: POTTERY,
      patterns: PATTERNS,
      prices: [18, 36],
      draw: drawSaucerCup,
    },
    {
      noun: 'camping mug',
      materials: ['enamel'],
      patterns: ['plain', 'speckled', 'starry'],
      prices: [11, 19],
      draw: (sketch) =>
        drawCup(sketch, {
          ...STRAIGHT,
          handleWidth: 15,
          profile: [
            [102, -206],
            [102, -100],
            [100, -20],
            [96, 0],
          ],
        }),
    },
  ],
};
