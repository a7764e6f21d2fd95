import { plain, type DemoKind, type Sketch } from '../demo-kind.js';
import { ellipse, lathe, type Point } from '../outline.js';
import { lighter } from '../palette.js';
import type { Paint } from '../pen.js';

const GLOW = '#ffe2a0';

/** Light on the wall and in the air around a lit lamp. */
function drawGlow({ pen }: Sketch, y: number, radius: number): void {
  for (const [share, opacity] of [
    [1, 0.05],
    [0.8, 0.06],
    [0.62, 0.08],
    [0.45, 0.1],
  ] as const) {
    pen.area(ellipse(0, y, [radius * share, radius * share]), GLOW, opacity);
  }
}

/** A fabric shade, lit from inside, open at its foot. */
function drawShade(sketch: Sketch, profile: readonly Point[]): void {
  const { pen, main, tilt } = sketch;
  const [bottomRadius = 0, bottom = 0] = profile.at(-1) ?? [];
  const [topRadius = 0, top = 0] = profile[0] ?? [];
  const outline = lathe(profile, tilt * 0.7);
  const radius = Math.max(bottomRadius, topRadius);
  pen.solid(outline, main, { form: 'tube', wrap: { radius, depth: radius * tilt * 0.7 }, edge: 12 });
  pen.fade(outline, [
    [0, GLOW, 0.06],
    [0.6, GLOW, 0.34],
    [1, '#fff3cf', 0.62],
  ]);
  pen.area(ellipse(0, top, [topRadius, topRadius * tilt * 0.7]), '#fff4d4', 0.9);
  pen.soft(
    `M${-bottomRadius} ${bottom}A${bottomRadius} ${bottomRadius * tilt * 0.7} 0 0 0 ${bottomRadius} ${bottom}`,
    5,
    { colour: '#fff', opacity: 0.7 },
  );
}

function drawFoot({ pen, tilt }: Sketch, profile: readonly Point[], paint: Paint): void {
  const radius = profile.at(-1)?.[0] ?? 0;
  pen.ground(0, 0, radius);
  pen.solid(lathe(profile, tilt), paint, { form: 'tube', edge: 10 });
}

function drawTable(sketch: Sketch): void {
  drawGlow(sketch, -230, 260);
  drawFoot(
    sketch,
    [
      [10, -190],
      [14, -176],
      [48, -130],
      [62, -80],
      [40, -24],
      [46, -10],
      [44, 0],
    ],
    { ...sketch.trim, material: plain('white', 'ceramic').material },
  );
  drawShade(sketch, [
    [56, -330],
    [120, -184],
  ]);
}

function drawTripod(sketch: Sketch): void {
  const wood = plain('oak', 'wood');
  drawGlow(sketch, -270, 220);
  sketch.pen.ground(0, 0, 80);
  for (const leg of ['M0 -216L-84 2', 'M0 -216L84 2', 'M0 -216L10 14']) sketch.pen.rope(leg, wood, 11);
  drawShade(sketch, [
    [92, -334],
    [98, -214],
  ]);
}

function drawDesk(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  const steel = plain('gunmetal', 'metal');
  drawFoot(
    sketch,
    [
      [70, -16],
      [74, 0],
    ],
    { ...main, pattern: 'plain' },
  );
  pen.area(ellipse(0, -16, [70, 70 * sketch.tilt]), lighter(main.colour, 0.2));
  pen.rope('M0 -20L-78 -170L44 -286', trim.pattern === 'plain' ? steel : trim, 11);
  pen.area(ellipse(-78, -170, [12, 12]), '#3a3d42');
  pen.moved('translate(50 -290) rotate(-38)', () => {
    pen.fade('M-66 74L66 74L150 330L-150 330Z', [
      [0, GLOW, 0.32],
      [1, GLOW, 0],
    ]);
    pen.area(ellipse(0, 74, [70, 20]), '#fff3c4');
    pen.solid(
      lathe(
        [
          [18, -26],
          [24, 0],
          [58, 30],
          [74, 72],
        ],
        -0.2,
      ),
      main,
      { form: 'tube', wrap: { radius: 74, depth: -12 }, edge: 12 },
    );
  });
}

function drawGlobe(sketch: Sketch): void {
  const { pen, main } = sketch;
  drawGlow(sketch, -200, 250);
  drawFoot(
    sketch,
    [
      [34, -92],
      [40, -80],
      [58, -20],
      [66, 0],
    ],
    main,
  );
  pen.area(ellipse(0, -200, [112, 112]), '#fff0c8');
  pen.fade(
    ellipse(0, -200, [112, 112]),
    [
      [0, '#fffdf4', 0.9],
      [0.6, '#ffe9b0', 0.7],
      [1, '#d9a95c', 0.7],
    ],
    60,
  );
  pen.soft(ellipse(0, -200, [109, 109]), 18, { colour: '#b47a30', opacity: 0.3 });
  pen.sheen(ellipse(-42, -246, [30, 20]), 0.85);
}

function drawMushroom(sketch: Sketch): void {
  const { pen, main, tilt } = sketch;
  drawGlow(sketch, -150, 240);
  drawFoot(
    sketch,
    [
      [34, -190],
      [32, -120],
      [44, -40],
      [76, -8],
      [78, 0],
    ],
    { ...main, pattern: 'plain' },
  );
  pen.area(ellipse(0, -168, [128, 128 * tilt * 0.8]), '#fff0c4');
  const cap = `M-138 -172C-136 -330 136 -330 138 -172A138 ${138 * tilt * 0.7} 0 0 1 -138 -172Z`;
  pen.solid(cap, main, { form: 'ball', wrap: { radius: 138, depth: 138 * tilt * 0.7 }, edge: 22 });
  pen.soft(`M-136 -170A138 ${138 * tilt * 0.7} 0 0 0 136 -170`, 6, { colour: GLOW, opacity: 0.9 });
}

function drawArc(sketch: Sketch): void {
  const { pen, main } = sketch;
  const brass = plain('gold', 'metal');
  pen.moved('translate(90 0)', () =>
    drawFoot(
      sketch,
      [
        [54, -18],
        [58, 0],
      ],
      plain('charcoal', 'concrete'),
    ),
  );
  pen.rope('M90 -14C104 -210 90 -340 -20 -336C-60 -334 -74 -314 -76 -288', brass, 8);
  pen.moved('translate(-76 -214) scale(0.9)', () => {
    pen.fade('M-80 10L80 10L140 220L-140 220Z', [
      [0, GLOW, 0.34],
      [1, GLOW, 0],
    ]);
    pen.area(ellipse(0, 8, [86, 20]), '#fff3c4');
    pen.solid('M-90 10C-92 -104 92 -104 90 10A90 16 0 0 0 -90 10Z', main, { form: 'ball', edge: 16 });
  });
}

const SHADES = ['plain', 'plain', 'pinstriped', 'floral', 'dotted', 'checked', 'leafy'] as const;

export const LAMPS: DemoKind = {
  name: 'Lamps',
  folder: 'lamps',
  setting: 'standing',
  studio: { walls: ['#cfc2b0', '#c6b8a8'], ground: 'floor', grounds: ['#8a6f58', '#7d6450'] },
  zoom: 1.24,
  floor: 534,
  printSize: 36,
  colours: ['white', 'cream', 'sand', 'mustard', 'coral', 'forest', 'black', 'oak', 'silver', 'gold', 'copper', 'tan'],
  brands: ['Lumenhaus', 'Abendlicht', 'Fjordglow'],
  blurb: 'A warm light for the evening, with a cord of two metres. Takes an E27 bulb.',
  shapes: [
    {
      noun: 'table lamp',
      materials: ['linen', 'cotton', 'silk', 'paper'],
      patterns: SHADES,
      prices: [39, 119],
      draw: drawTable,
    },
    {
      noun: 'tripod lamp',
      materials: ['linen', 'cotton', 'rattan'],
      patterns: SHADES,
      prices: [59, 149],
      draw: drawTripod,
    },
    {
      noun: 'desk lamp',
      materials: ['metal', 'aluminium', 'enamel'],
      patterns: ['plain'],
      prices: [34, 99],
      draw: drawDesk,
    },
    {
      noun: 'globe lamp',
      materials: ['metal', 'wood', 'ceramic', 'concrete'],
      patterns: ['plain'],
      prices: [45, 129],
      draw: drawGlobe,
    },
    {
      noun: 'mushroom lamp',
      materials: ['ceramic', 'plastic', 'enamel'],
      patterns: ['plain', 'plain', 'striped', 'dotted'],
      prices: [49, 139],
      draw: drawMushroom,
    },
    {
      noun: 'arc lamp',
      materials: ['enamel', 'metal', 'aluminium'],
      patterns: ['plain'],
      prices: [89, 239],
      draw: drawArc,
    },
  ],
};
