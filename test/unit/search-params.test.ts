import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countFilters,
  inOrder,
  isAsked,
  NO_FILTERS,
  NO_QUESTION,
  parsePrice,
  parseQuestion,
  printQuestion,
  toProductFilter,
  type SearchQuestion,
} from '../../web/src/search/search-params.js';

const whole: SearchQuestion = {
  words: 'red & white mug',
  photo: 'abc-123',
  likes: ['7', '8'],
  filters: { categories: ['Mugs', 'Plant pots'], brands: ['Millner & Wren'], min: 9.5, max: 40, inStock: true },
};

function parse(address: string): SearchQuestion {
  return parseQuestion(new URLSearchParams(address));
}

describe('an address', () => {
  it('holds a whole question', () => {
    expect(printQuestion(whole)).toBe(
      '?q=red+%26+white+mug&photo=abc-123&like=7&like=8&category=Mugs&category=Plant+pots' +
        '&brand=Millner+%26+Wren&min=9.5&max=40&stock=1',
    );
    expect(parse(printQuestion(whole))).toEqual(whole);
  });

  it('is empty where nothing is asked', () => {
    expect(printQuestion(NO_QUESTION)).toBe('');
    expect(parse('')).toEqual(NO_QUESTION);
  });

  it('says the same after having been read, whatever stands in it', () => {
    const names = fc.constantFrom('q', 'photo', 'like', 'category', 'brand', 'min', 'max', 'stock', 'other');
    const pairs = fc.array(fc.tuple(names, fc.oneof(fc.string(), fc.double().map(String), fc.constant('1'))));
    fc.assert(
      fc.property(pairs, (given) => {
        const question = parseQuestion(new URLSearchParams(given));
        expect(parse(printQuestion(question))).toEqual(question);
      }),
    );
  });
});

describe('nonsense in an address', () => {
  it.each([
    '?min=abc&category=&photo=',
    '?q=%20%20&like=&brand=%20',
    '?min=-5&max=Infinity',
    '?stock=yes&min=NaN&max=',
    '?unknown=1&Q=mug',
  ])('%s asks nothing', (address) => {
    expect(parse(address)).toEqual(NO_QUESTION);
  });

  it('takes a value that is there twice once', () => {
    expect(parse('?category=Mugs&category=Mugs&like=7&like=7')).toMatchObject({
      likes: ['7'],
      filters: { categories: ['Mugs'] },
    });
  });

  it('leaves blanks at the ends of a shop’s own words, which are part of them', () => {
    const { likes, filters } = parse('?category=Mugs+&brand=+Vans&like=7+&brand=+');
    expect({ likes, filters }).toMatchObject({ likes: ['7 '], filters: { categories: ['Mugs '], brands: [' Vans'] } });
  });

  it('leaves out more products than can be asked with', () => {
    const many = Array.from({ length: 30 }, (_, id) => `like=${id}`).join('&');
    expect(parse(many).likes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8']);
  });

  it('puts prices that are the wrong way round the right way round', () => {
    expect(parse('?min=50&max=10').filters).toMatchObject({ min: 10, max: 50 });
    expect(inOrder(50, null)).toEqual({ min: 50, max: null });
  });

  it('keeps words that are too long, so that the answer says so', () => {
    expect(parse(`?q=${'a'.repeat(501)}`).words).toHaveLength(501);
  });
});

describe('a price', () => {
  it.each([
    ['12', 12],
    [' 12.50 ', 12.5],
    ['12,50', 12.5],
    ['0', 0],
    ['', null],
    ['twelve', null],
    ['-1', null],
    ['-0', null],
    ['1e3', null],
    ['0x10', null],
    ['2,314', 2314],
    ['2.314', 2314],
    ['2 314', 2314],
    ['1,234.5', 1234.5],
    ['1.234.567,89', 1234567.89],
    ['1’000.50', 1000.5],
    ['€50', 50],
    ['12,50 €', 12.5],
    ['£ 1,000', 1000],
    ['1,000,50', null],
    ['1,23,456', null],
    ['0.123', null],
    ['1.2345', null],
    ['12 50', null],
    ['€', null],
  ])('"%s" is %s', (typed, price) => {
    expect(parsePrice(typed)).toBe(price);
  });
});

describe('a question', () => {
  it('needs words, a photo or a product', () => {
    expect(isAsked({ ...NO_QUESTION, words: 'mug' })).toBe(true);
    expect(isAsked({ ...NO_QUESTION, photo: 'abc' })).toBe(true);
    expect(isAsked({ ...NO_QUESTION, likes: ['7'] })).toBe(true);
    expect(isAsked({ ...NO_QUESTION, filters: whole.filters })).toBe(false);
  });

  it('counts each value and the price as one filter', () => {
    expect(countFilters(NO_FILTERS)).toBe(0);
    expect(countFilters({ ...NO_FILTERS, max: 10 })).toBe(1);
    expect(countFilters(whole.filters)).toBe(5);
  });

  it('sends only the filters that are on', () => {
    expect(toProductFilter(NO_FILTERS)).toBeNull();
    expect(toProductFilter({ ...NO_FILTERS, max: 10 })).toEqual({ price: { min: null, max: 10 } });
    expect(toProductFilter(whole.filters)).toEqual({
      categories: ['Mugs', 'Plant pots'],
      brands: ['Millner & Wren'],
      price: { min: 9.5, max: 40 },
      inStock: true,
    });
  });
});
