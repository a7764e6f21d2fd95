import { MATERIALS } from '../materials.js';
import { plain, type DemoKind, type Sketch } from '../demo-kind.js';
import { ellipse, polygon, roundedBox } from '../outline.js';
import { darker, lighter, luminance } from '../palette.js';
import type { Paint } from '../pen.js';

const STEEL = plain('silver', 'metal');

function metalOf({ random }: Sketch): Paint {
  return plain(random.pick(['silver', 'silver', 'gold', 'rose gold', 'gunmetal'] as const), 'metal');
}

/** A strap above and below the case, narrower towards its ends. */
function drawStrap({ pen, main }: Sketch, width: number): void {
  const [half, end] = [width / 2, width * 0.4];
  const upper = `M${-half} -60L${-end} -206Q0 -222 ${end} -206L${half} -60Z`;
  const lower = `M${-half} 60L${-end} 214Q0 240 ${end} 214L${half} 60Z`;
  for (const path of [upper, lower]) {
    pen.drop(path, 12);
    pen.solid(path, main, { form: 'tube', edge: 14 });
  }
  if (main.material !== MATERIALS.leather) return;
  const edge = lighter(main.colour, 0.5);
  pen.stitch(
    `M${8 - half} -62L${7 - end} -200M${half - 8} -62L${end - 7} -200M${8 - half} 62L${7 - end} 206M${half - 8} 62L${end - 7} 206`,
    edge,
    6,
  );
  for (const y of [130, 152, 174, 196]) pen.area(ellipse(0, y, [4, 5]), '#120d0a', 0.75);
}

/** A bracelet of links. */
function drawBracelet({ pen, main }: Sketch, width: number): void {
  for (let y = -206; y <= 204; y += 21) {
    const link = width * (1 - Math.abs(y) / 1500);
    const outer = roundedBox({ x: -link / 2, y, width: link, height: 19, radius: 5 });
    pen.drop(outer, 8);
    pen.solid(outer, main, { form: 'tube', edge: 5 });
    pen.solid(roundedBox({ x: -link / 5, y: y - 1, width: link / 2.5, height: 21, radius: 4 }), main, {
      form: 'tube',
      edge: 4,
    });
  }
}

/** Marks of the hours, in or on a dial of this radius; every third is longer. */
function drawMarks({ pen }: Sketch, radius: number, colour: string): void {
  for (let hour = 0; hour < 12; hour += 1) {
    const angle = (hour * Math.PI) / 6;
    const inner = radius * (hour % 3 === 0 ? 0.74 : 0.82);
    const [sin, cos] = [Math.sin(angle), -Math.cos(angle)];
    pen.line(
      `M${sin * inner} ${cos * inner}L${sin * radius * 0.91} ${cos * radius * 0.91}`,
      colour,
      hour % 3 === 0 ? 5 : 3,
    );
  }
}

/** Hands at ten past ten, as in every shop window. */
function drawHands({ pen, trim }: Sketch, radius: number, colour: string): void {
  const hands = `M0 0L${-radius * 0.4} ${-radius * 0.27}M0 0L${radius * 0.56} ${-radius * 0.4}`;
  pen.moved('translate(3 4)', () => pen.soft(hands, 8, { opacity: 0.5 }));
  pen.line(hands, colour, 6);
  pen.line(`M${-radius * 0.06} ${-radius * 0.2}L${radius * 0.2} ${radius * 0.7}`, trim.colour, 2.4);
  pen.area(ellipse(0, 0, [6, 6]), colour);
}

function drawGlass({ pen }: Sketch, radius: number): void {
  pen.clipped(ellipse(0, 0, [radius, radius]), () => {
    pen.sheen(
      polygon([
        [-radius, -radius],
        [radius * 0.3, -radius],
        [-radius * 0.5, radius],
        [-radius, radius],
      ]),
      0.4,
    );
    pen.soft(ellipse(0, 0, [radius, radius]), 14, { opacity: 0.4 });
  });
}

function drawRoundCase(sketch: Sketch, radius: number, dial: string): void {
  const { pen } = sketch;
  const rim = metalOf(sketch);
  const mark = luminance(dial) > 0.5 ? '#26272b' : '#f2efe6';
  pen.drop(ellipse(0, 0, [radius + 16, radius + 16]), 14);
  pen.rope(`M${radius + 14} 0h12`, rim, 17);
  pen.solid(ellipse(0, 0, [radius + 16, radius + 16]), rim, { form: 'slab', edge: 14 });
  pen.blend(ellipse(0, 0, [radius, radius]), [lighter(dial, 0.12), darker(dial, 0.16)], 60);
  drawMarks(sketch, radius, mark);
  drawHands(sketch, radius, mark);
  drawGlass(sketch, radius);
}

function dialOf({ random, trim }: Sketch): string {
  return random.pick(['#f4f1e8', '#f4f1e8', '#24272d', trim.colour]);
}

function drawClassic(sketch: Sketch): void {
  drawStrap(sketch, 82);
  drawRoundCase(sketch, 82, dialOf(sketch));
}

function drawChronograph(sketch: Sketch): void {
  const { pen } = sketch;
  const dial = sketch.trim.colour;
  drawBracelet(sketch, 88);
  pen.rope('M78 -66l16 -12M78 66l16 12', STEEL, 16);
  drawRoundCase(sketch, 88, dial);
  for (const [x, y] of [
    [-38, 4],
    [38, 4],
    [0, 42],
  ] as const) {
    pen.area(ellipse(x, y, [20, 20]), luminance(dial) > 0.5 ? darker(dial, 0.3) : lighter(dial, 0.35), 0.9);
    pen.line(`M${x} ${y}l8 -11`, '#1d1e22', 2.4);
  }
}

function drawDiver(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  drawStrap(sketch, 90);
  pen.drop(ellipse(0, 0, [116, 116]), 14);
  pen.solid(ellipse(0, 0, [114, 114]), { ...trim, material: main.material }, { form: 'slab', edge: 16 });
  for (let minute = 0; minute < 60; minute += 5) {
    pen.moved(`rotate(${minute * 6})`, () => pen.line('M0 -109V-99', '#f6f3ea', minute === 0 ? 9 : 3.4));
  }
  pen.moved('scale(0.96)', () => drawRoundCase(sketch, 78, '#1f242c'));
}

function drawSquare(sketch: Sketch): void {
  const { pen } = sketch;
  const dial = dialOf(sketch);
  const rim = metalOf(sketch);
  const mark = luminance(dial) > 0.5 ? '#26272b' : '#f2efe6';
  drawStrap(sketch, 80);
  const body = roundedBox({ x: -82, y: -94, width: 164, height: 188, radius: 22 });
  pen.drop(body, 14);
  pen.rope('M84 0h8', rim, 16);
  pen.solid(body, rim, { form: 'slab', edge: 14 });
  pen.blend(roundedBox({ x: -68, y: -80, width: 136, height: 160, radius: 12 }), [
    lighter(dial, 0.1),
    darker(dial, 0.15),
  ]);
  pen.line('M0 -70V-54M0 70V54M-60 0H-46M60 0H46M-50 -66L-42 -56M50 -66L42 -56M-50 66L-42 56M50 66L42 56', mark, 4);
  drawHands(sketch, 72, mark);
  pen.sheen(
    polygon([
      [-68, -80],
      [10, -80],
      [-44, 80],
      [-68, 80],
    ]),
    0.36,
  );
}

function drawDigital(sketch: Sketch): void {
  const { pen, trim } = sketch;
  drawStrap(sketch, 96);
  const body = roundedBox({ x: -86, y: -98, width: 172, height: 196, radius: 48 });
  pen.drop(body, 14);
  pen.solid(body, plain('gunmetal', 'aluminium'), { form: 'slab', edge: 16 });
  pen.area(roundedBox({ x: -74, y: -86, width: 148, height: 172, radius: 38 }), '#0c0d10');
  for (const [radius, colour, end] of [
    [52, trim.colour, '14 50'],
    [38, '#7ee08a', '-38 -4'],
    [24, '#f2c14b', '-12 20'],
  ] as const) {
    pen.line(ellipse(0, 0, [radius, radius]), '#23262c', 9);
    pen.line(`M0 ${-radius}A${radius} ${radius} 0 1 1 ${end}`, colour, 9);
  }
  pen.sheen(
    polygon([
      [-74, -60],
      [-30, -86],
      [20, -86],
      [-60, 80],
      [-74, 60],
    ]),
    0.22,
  );
}

export const WATCHES: DemoKind = {
  name: 'Watches',
  folder: 'watches',
  setting: 'hanging',
  studio: { walls: ['#8e9297', '#7f858c'], ground: 'wall', grounds: [] },
  zoom: 1.24,
  floor: 320,
  printSize: 22,
  colours: ['black', 'brown', 'tan', 'navy', 'burgundy', 'silver', 'gold', 'gunmetal', 'copper', 'olive', 'red'],
  brands: ['Zeitlos', 'Halden & Voss', 'Meridian Bay'],
  blurb: 'Sapphire glass, tight to fifty metres, and a strap that changes without tools.',
  shapes: [
    {
      noun: 'round watch',
      materials: ['leather', 'leather', 'canvas'],
      patterns: ['plain', 'plain', 'plain', 'pinstriped'],
      prices: [79, 249],
      draw: drawClassic,
    },
    {
      noun: 'chronograph',
      materials: ['metal', 'steel'],
      patterns: ['plain'],
      prices: [149, 449],
      draw: drawChronograph,
    },
    {
      noun: 'square watch',
      materials: ['leather', 'suede', 'metal'],
      patterns: ['plain'],
      prices: [89, 229],
      draw: drawSquare,
    },
    {
      noun: 'diving watch',
      materials: ['rubber', 'nylon'],
      patterns: ['plain', 'pinstriped'],
      prices: [129, 399],
      draw: drawDiver,
    },
    {
      noun: 'smartwatch',
      materials: ['rubber', 'nylon', 'leather'],
      patterns: ['plain', 'plain', 'striped'],
      prices: [119, 349],
      draw: drawDigital,
    },
  ],
};
