import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { repeated, u16, u32, type Bombs } from './images-still-bombs.js';

/** A box of ISO/IEC 14496-12. */
const box = (type: string, ...parts: Buffer[]): Buffer => {
  const data = Buffer.concat(parts);
  return Buffer.concat([u32(data.length + 8), Buffer.from(type, 'latin1'), data]);
};

/** One with a version and no flags. */
const fullBox = (type: string, version: number, ...parts: Buffer[]): Buffer =>
  box(type, Buffer.from([version, 0, 0, 0]), ...parts);

const fileType = (brand: string): Buffer => box('ftyp', Buffer.from(`${brand}\0\0\0\0${brand}mif1miaf`));

const PICTURE = fullBox('hdlr', 0, u32(0), Buffer.from('pict'), Buffer.alloc(13));

async function avif(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#456' }, limitInputPixels: false })
    .avif({ effort: 0, quality: 30 })
    .toBuffer();
}

/** Writes another size over the one that stands in the box of sizes. */
function claiming(bytes: Buffer, width: number, height: number): Buffer {
  const lie = Buffer.from(bytes);
  const at = lie.indexOf('ispe') + 8;
  lie.writeUInt32BE(width, at);
  lie.writeUInt32BE(height, at + 4);
  return lie;
}

function nested(type: string, depth: number, innermost = Buffer.alloc(0)): Buffer {
  const heads = Array.from({ length: depth }, (_, index) =>
    Buffer.concat([u32((depth - index) * 8 + innermost.length), Buffer.from(type)]),
  );
  return Buffer.concat([...heads, innermost]);
}

const item = (id: number, type: string): Buffer => fullBox('infe', 2, u16(id), u16(0), Buffer.from(`${type}\0`));

interface Items {
  infos: Buffer[];
  /** What the boxes of places, references and properties are. */
  rest: Buffer[];
}

const withItems = ({ infos, rest }: Items): Buffer =>
  Buffer.concat([
    fileType('avif'),
    fullBox('meta', 0, PICTURE, fullBox('pitm', 0, u16(1)), fullBox('iinf', 0, u16(infos.length), ...infos), ...rest),
  ]);

const size = (width: number, height: number): Buffer => fullBox('ispe', 0, u32(width), u32(height));

const properties = (of: readonly number[], ...made: Buffer[]): Buffer =>
  box(
    'iprp',
    box('ipco', ...made),
    fullBox('ipma', 0, u32(of.length), ...of.flatMap((id) => [u16(id), Buffer.from([1, 1])])),
  );

/** A place of each item, whose bytes are the same extent again and again. */
const places = (of: readonly number[], extents: number, at: number, length: number): Buffer =>
  fullBox(
    'iloc',
    0,
    Buffer.from([0x44, 0x00]),
    u16(of.length),
    ...of.map((id) =>
      Buffer.concat([u16(id), u16(0), u16(extents), repeated(Buffer.concat([u32(at), u32(length)]), extents)]),
    ),
  );

const refers = (from: number, to: readonly number[]): Buffer =>
  fullBox('iref', 0, box('dimg', u16(from), u16(to.length), ...to.map(u16)));

/** A grid of 256 x 256 pictures, each of them the grid. */
const gridOfItself = (): Buffer =>
  withItems({
    infos: [item(1, 'grid')],
    rest: [
      refers(
        1,
        Array.from({ length: 65_535 }, () => 1),
      ),
      properties([1], size(6000, 6000)),
      places([1], 1, 0, 8),
    ],
  });

const chain = (length: number): Buffer => {
  const ids = Array.from({ length }, (_, index) => index + 1);
  const links = ids.map((id) => box('dimg', u16(id), u16(1), u16((id % length) + 1)));
  return withItems({
    infos: ids.map((id) => item(id, 'iden')),
    rest: [fullBox('iref', 0, ...links), properties(ids, size(64, 64)), places(ids, 1, 0, 8)],
  });
};

export const AVIF_BOMBS: Bombs = {
  'AVIF of 65535 x 65535': async () => claiming(await avif(64, 64), 65_535, 65_535),
  'AVIF of 4294967295 x 4294967295': async () => claiming(await avif(64, 64), 2 ** 32 - 1, 2 ** 32 - 1),
  'AVIF of 0 x 0': async () => claiming(await avif(64, 64), 0, 0),
  'AVIF of 6000 x 6000 with pixels for 64 x 64': async () => claiming(await avif(64, 64), 6000, 6000),
  'AVIF of 64 x 64 with pixels for 7000 x 7000': async () => claiming(await avif(7000, 7000), 64, 64),
  'AVIF of 6300 x 6300': () => avif(6300, 6300),
  'AVIF of boxes within 100000 boxes': () => Buffer.concat([fileType('avif'), nested('moov', 100_000)]),
  'AVIF of properties within 100000 boxes': () =>
    Buffer.concat([fileType('avif'), fullBox('meta', 0, PICTURE, nested('iprp', 100_000))]),
  'AVIF of two million empty boxes': () => Buffer.concat([fileType('avif'), repeated(box('free'), 2_000_000)]),
  'AVIF whose box has 16 exabytes': () =>
    Buffer.concat([fileType('avif'), u32(1), Buffer.from('meta'), u32(0x7fffffff), u32(0xffffffff)]),
  'AVIF whose boxes are empty to the end': () => Buffer.concat([fileType('avif'), u32(0), Buffer.from('meta')]),
  'AVIF that is a grid of itself': gridOfItself,
  'AVIF whose pictures go in a circle': () => chain(2),
  'AVIF whose 20000 pictures go in a circle': () => chain(20_000),
  'AVIF of 60000 pictures': () =>
    withItems({ infos: Array.from({ length: 60_000 }, (_, index) => item(index + 1, 'av01')), rest: [] }),
  'AVIF whose bytes are 10 MB 60000 times': () => {
    const head = withItems({
      infos: [item(1, 'av01')],
      rest: [properties([1], size(64, 64)), places([1], 60_000, 1_000_000, 10_000_000)],
    });
    return Buffer.concat([head, Buffer.alloc(11_000_000)]);
  },
  'AVIF with a million properties': () =>
    withItems({
      infos: [item(1, 'av01')],
      rest: [properties([1], repeated(size(64, 64), 900_000)), places([1], 1, 0, 64)],
    }),
  'film in AVIF that is said to have 4294967295 frames': () =>
    Buffer.concat([
      fileType('avis'),
      box('moov', box('trak', box('mdia', box('minf', box('stbl', fullBox('stsz', 0, u32(8), u32(2 ** 32 - 1))))))),
    ]),
};

const text =
  (content: string): (() => Buffer) =>
  () =>
    Buffer.from(content, 'latin1');

/** An entity that stands for ten of the one before it, nine times. */
const LAUGHS = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');

/** What is no photograph, though its name says so. */
export const OTHER_BOMBS: Bombs = {
  'SVG that reads a file': text(
    '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>',
  ),
  'SVG of a thousand million words': text(
    `<!DOCTYPE svg [<!ENTITY l0 "ha">${LAUGHS}]><svg xmlns="http://www.w3.org/2000/svg"><text>&l9;</text></svg>`,
  ),
  'SVG in gzip': () => gzipSync('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
  'SVG behind the signature of a PNG': text(
    '\x89PNG\r\n\x1a\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
  ),
  'SVG behind the signature of a JPEG': text(
    '\xff\xd8\xff<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
  ),
  PDF: text('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n'),
  TIFF: () =>
    sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
      .tiff()
      .toBuffer(),
  HEIC: () => Buffer.concat([fileType('heic'), nested('meta', 3)]),
  zip: () => Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(1000)]),
  video: () => Buffer.concat([fileType('isom'), nested('moov', 3)]),
  'script of ImageMagick': text(
    "push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://127.0.0.1/)'\npop graphic-context",
  ),
  'page behind the signature of a GIF': text('GIF89a<html><script>alert(1)</script></html>'),
  'BMP of 2147483647 x 2147483647': () => Buffer.concat([Buffer.from('BM\0\0\0\0\0\0\0\0'), Buffer.alloc(60, 0x7f)]),
  'signature of an AVIF in the midst of nothing': () =>
    Buffer.concat([u32(2 ** 31), Buffer.from('ftypavif'), Buffer.alloc(5000)]),
};
