import type { SeededRandom } from '../../demo/seeded-random.js';
import type { Form } from './addresses-forms.js';

const DOTS = ['.', '.', '.', '。', '．', '｡', '%2e'];

/** The same number in another notation. */
function number(value: number, random: SeededRandom): string {
  const zeros = '0'.repeat(Math.floor(random.between(0, 4)));
  const text = random.pick([
    String(value),
    String(value),
    `0${zeros}${value.toString(8)}`,
    `0x${zeros}${value.toString(16)}`,
    `0X${zeros}${value.toString(16).toUpperCase()}`,
  ]);
  return Array.from(text, (letter) => letterOf(letter, random)).join('');
}

function letterOf(letter: string, random: SeededRandom): string {
  const code = letter.charCodeAt(0);
  const others = [`%${code.toString(16)}`, String.fromCharCode(code - 0x21 + 0xff01)];
  return random.next() < 0.15 ? random.pick(others) : letter;
}

const ADDRESSES = [
  0x7f000001,
  0x7f000001,
  0x7f080808,
  0,
  0xa9fea9fe,
  0x0a000001,
  0xc0a80001,
  0xac100001,
  0x64646464 + 100,
];

/** An address inside, in a notation of one to four numbers in any base and in any letters. */
export function randomForm(random: SeededRandom): Form {
  const address = random.pick(ADDRESSES);
  const count = 1 + Math.floor(random.between(0, 4));
  const parts = Array.from({ length: count - 1 }, (_, index) => (address >>> (24 - 8 * index)) & 0xff);
  parts.push(count === 1 ? address : address & (2 ** (8 * (5 - count)) - 1));
  const host = parts.map((part) => number(part, random)).reduce((left, right) => left + random.pick(DOTS) + right);
  const user = random.pick(['', '', '', 'user@', 'public.example:80@', '%40@']);
  const scheme = random.pick(['http://', 'HTTP://', 'https://', 'http:\\\\', ' http://']);
  return (port) => `${scheme}${user}${host}${random.pick(['', '', '.'])}:${port}/a.jpg`;
}
