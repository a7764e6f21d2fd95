import type { DemoKind, DemoShape, Sketch } from '../demo-kind.js';
import { symmetric, type Point } from '../outline.js';
import { darker, lighter } from '../palette.js';

/** A shirt laid flat: the right half of its outline, and its neck. */
interface Cut {
  half: readonly Point[];
  /** Where the neckline meets the shoulder and how deep it falls. */
  neck: readonly [x: number, y: number, depth: number];
  /** Seam of the right sleeve; empty for none. */
  seam: string;
}

const BODY: readonly Point[] = [
  [106, -60, 'corner'],
  [104, 40],
  [108, 164, 'corner'],
  [50, 172],
  [0, 172],
];
const CREW: Cut = {
  half: [[46, -168, 'corner'], [112, -146], [136, -122], [190, -26, 'corner'], [132, 4, 'corner'], ...BODY],
  neck: [46, -168, 24],
  seam: 'M118 -142Q98 -100 106 -58',
};
const VEE: Cut = { ...CREW, neck: [50, -168, 50] };
const LONG: Cut = {
  half: [
    [46, -168, 'corner'],
    [112, -146],
    [140, -116],
    [176, 30],
    [198, 148, 'corner'],
    [150, 158, 'corner'],
    [128, 40],
    ...BODY,
  ],
  neck: [46, -168, 18],
  seam: 'M118 -142Q98 -100 106 -58',
};
const TANK: Cut = {
  half: [[44, -172, 'corner'], [74, -170, 'corner'], [72, -110], [106, -62, 'corner'], ...BODY.slice(1)],
  neck: [44, -172, 52],
  seam: '',
};
const CROP: Cut = {
  half: [
    [54, -150, 'corner'],
    [124, -132],
    [160, -110],
    [206, 6, 'corner'],
    [140, 30, 'corner'],
    [118, -20, 'corner'],
    [120, 110, 'corner'],
    [0, 118],
  ],
  neck: [54, -150, 22],
  seam: 'M134 -126Q110 -80 118 -20',
};

function drawShirt(sketch: Sketch, cut: Cut): string {
  const { pen, main } = sketch;
  const [x, y, depth] = cut.neck;
  const outline = symmetric(cut.half);
  const shape = `${outline.slice(0, outline.lastIndexOf('C'))}Q0 ${y + depth * 2} ${x} ${y}Z`;
  pen.drop(shape, 11);
  pen.blend(`M${-x} ${y}Q0 ${y - 22} ${x} ${y}Q0 ${y + depth * 2} ${-x} ${y}Z`, [
    darker(main.colour, 0.3),
    darker(main.colour, 0.55),
  ]);
  pen.solid(shape, main, { form: 'cloth', edge: 30 });
  drawCreases(sketch, shape, cut);
  return shape;
}

function drawCreases({ pen, random }: Sketch, shape: string, { seam }: Cut): void {
  const lean = random.between(-14, 14);
  const creases = [
    `M-90 ${-60 + lean}Q-40 ${-20 + lean} -20 60`,
    `M94 ${-40 - lean}Q50 10 44 90`,
    `M-60 ${120 + lean}Q0 90 70 ${130 - lean}`,
    `M-30 ${-120 + lean}Q0 -100 40 -118`,
  ];
  pen.softInside(shape, creases, { width: 26, opacity: 0.15 });
  pen.moved('translate(-8 -6)', () => pen.softInside(shape, creases, { width: 12, colour: '#fff', opacity: 0.12 }));
  for (const side of seam ? [1, -1] : []) {
    pen.moved(`scale(${side} 1)`, () => pen.soft(seam, 7, { opacity: 0.5 }));
  }
}

/** A ribbed band along the neckline. */
function drawCollar({ pen, main }: Sketch, [x, y, depth]: Cut['neck'], colour: string): void {
  const neck = `M${-x} ${y}Q0 ${y + depth * 2} ${x} ${y}`;
  pen.rope(neck, { ...main, colour }, 9);
}

function drawHems({ pen, main }: Sketch, path: string): void {
  pen.stitch(path, lighter(main.colour, 0.35), 4);
}

function drawCrew(sketch: Sketch): void {
  drawShirt(sketch, CREW);
  drawCollar(sketch, CREW.neck, sketch.main.pattern === 'plain' ? darker(sketch.main.colour, 0.1) : sketch.trim.colour);
  drawHems(sketch, 'M-104 156Q0 164 104 156M-182 -34L-130 -8M182 -34L130 -8');
}

function drawVee(sketch: Sketch): void {
  const { pen, main } = sketch;
  drawShirt(sketch, { ...VEE, neck: [50, -168, 30] });
  const vee = 'M-50 -168L0 -84L50 -168Q0 -190 -50 -168Z';
  pen.blend(vee, [darker(main.colour, 0.3), darker(main.colour, 0.55)]);
  pen.rope('M-50 -168L0 -84L50 -168', { ...main, colour: darker(main.colour, 0.08) }, 9);
  drawHems(sketch, 'M-104 156Q0 164 104 156');
}

function drawLong(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  drawShirt(sketch, LONG);
  drawCollar(sketch, LONG.neck, trim.colour);
  pen.rope('M152 152L196 142M-152 152L-196 142', { ...main, colour: trim.colour }, 11);
}

function drawPolo(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  drawShirt(sketch, CREW);
  const collar = {
    ...trim,
    material: main.material,
    colour: main.pattern === 'plain' ? darker(main.colour, 0.12) : trim.colour,
  };
  pen.solid('M-12 -140H12V-50H-12Z', collar, { form: 'slab', edge: 6 });
  for (const y of [-112, -76]) pen.area(`M-5 ${y}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z`, '#f4f0e6');
  for (const side of [1, -1]) {
    pen.moved(`scale(${side} 1)`, () => {
      pen.soft('M44 -178L74 -150L30 -102L2 -140Z', 9, { opacity: 0.4 });
      pen.solid('M44 -178L74 -150L30 -102L2 -140Q30 -156 44 -178Z', collar, { form: 'cloth', edge: 14 });
    });
  }
}

function drawTank(sketch: Sketch): void {
  const { pen, main, trim } = sketch;
  drawShirt(sketch, TANK);
  drawCollar(sketch, TANK.neck, trim.colour);
  pen.rope('M74 -170Q68 -90 106 -62M-74 -170Q-68 -90 -106 -62', { ...main, colour: trim.colour }, 8);
}

function drawPocket(sketch: Sketch): void {
  const { pen, trim, main } = sketch;
  drawShirt(sketch, CROP);
  drawCollar(sketch, CROP.neck, main.colour);
  const pocket = 'M26 -66H82V-10L54 6L26 -10Z';
  pen.soft(pocket, 7, { opacity: 0.4 });
  pen.solid(pocket, { ...trim, material: main.material }, { form: 'cloth', edge: 10 });
  pen.stitch(pocket, '#fff', 4);
}

const PRINTS = [
  'striped',
  'striped',
  'striped',
  'plain',
  'plain',
  'plain',
  'two-tone',
  'starry',
  'pinstriped',
] as const;

function shirt(noun: string, prices: readonly [number, number], draw: DemoShape['draw']): DemoShape {
  return { noun, materials: ['cotton', 'cotton', 'linen'], patterns: PRINTS, prices, draw };
}

export const T_SHIRTS: DemoKind = {
  name: 'T-shirts',
  folder: 't-shirts',
  setting: 'hanging',
  studio: { walls: ['#f2f2f0', '#ebebea'], ground: 'wall', grounds: [] },
  zoom: 1.28,
  floor: 322,
  printSize: 42,
  colours: ['white', 'red', 'blue', 'yellow', 'green', 'black', 'light blue', 'coral', 'purple', 'orange', 'grey'],
  brands: ['Pavo Street', 'Baumwollhaus', 'Sommerkleid'],
  blurb: 'Combed yarn that stays soft, seams that do not twist. Fits true to its size.',
  shapes: [
    shirt('T-shirt', [15, 29], drawCrew),
    shirt('V-neck T-shirt', [15, 29], drawVee),
    shirt('long-sleeved T-shirt', [19, 39], drawLong),
    { ...shirt('polo shirt', [25, 49], drawPolo), patterns: ['plain', 'plain', 'striped', 'two-tone', 'checked'] },
    shirt('tank top', [12, 25], drawTank),
    shirt('boxy T-shirt', [18, 34], drawPocket),
  ],
};
