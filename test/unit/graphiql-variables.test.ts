import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillVariables } from '../../web/src/graphiql/fill-variables.js';
import { queryImageVariablesOf } from '../../web/src/graphiql/query-image-variables.js';

describe('fillVariables', () => {
  const fill = (json: string) => fillVariables(json, ['queryImageId'], 'abc');

  it('takes the place of a value, and leaves all else as it was written', () => {
    const written =
      '{\n  // which\n  "queryImageId" : "old", /* how many */ "limit": 6,\n  "filter": { "queryImageId": 1, },\n}\n';
    expect(fill(written)).toBe(written.replace('"old"', '"abc"'));
    expect(fill('{ "queryImageId": { "a": [1, 2] }, "limit": 6 }')).toBe('{ "queryImageId": "abc", "limit": 6 }');
    expect(fill('{"a":"{\\"queryImageId\\":1}","queryImageId":null}')).toBe(
      '{"a":"{\\"queryImageId\\":1}","queryImageId":"abc"}',
    );
  });

  it('adds what is not there', () => {
    expect(fill('{ "limit": 6 }')).toBe('{\n  "queryImageId": "abc", "limit": 6 }');
    expect(fill('{}')).toBe('{\n  "queryImageId": "abc"\n}');
    expect(fill(' \n')).toBe('{\n  "queryImageId": "abc"\n}');
    expect(fillVariables('', ['one', 'other'], 'abc')).toBe('{\n  "other": "abc",\n  "one": "abc"\n}');
  });

  it('changes the last of several of a name, which is the one that counts', () => {
    expect(fill('{"queryImageId":1,"queryImageId":2}')).toBe('{"queryImageId":1,"queryImageId":"abc"}');
  });

  it('gives any variables the value and loses none of the others', () => {
    const variables = fc.dictionary(fc.oneof(fc.string(), fc.constant('name')), fc.jsonValue());
    fc.assert(
      fc.property(variables, fc.constantFrom(0, 2), fc.string(), (given, indent, value) => {
        const plain = JSON.parse(JSON.stringify(given)) as object;
        const filled: unknown = JSON.parse(fillVariables(JSON.stringify(given, null, indent), ['name'], value));
        expect(filled).toEqual({ ...plain, name: value });
      }),
    );
  });

  it.each(['{ "limit": 6', '{ limit: 6 }', '{ "a": 1 2 }', '{ "a": "b }', '{ "a": 1 } /', '{} {}', '[]', '6', 'null'])(
    'refuses %s',
    (json) => {
      expect(() => fill(json)).toThrow(SyntaxError);
    },
  );
});

describe('queryImageVariablesOf', () => {
  it('finds variables where a photograph belongs, whatever they are called', () => {
    const query = `query A($one: ID!, $two: ID, $three: ID!, $id: ID!, $text: String) {
      similarProducts(queryImageId: $one) { nodes { id } }
      searchProducts(input: { text: $text, images: [{ queryImageId: $two }] }) { nodes { id } }
      queryImage(id: $three) { id }
      product(id: $id) { id }
    }`;
    expect(queryImageVariablesOf(query)).toEqual(['one', 'two', 'three']);
  });

  it('finds one that is declared and not used yet', () => {
    expect(queryImageVariablesOf('query A($queryImageId: ID!) { embeddingModels { name } }')).toEqual(['queryImageId']);
  });

  it('finds none in an operation without photographs, and in what is no operation', () => {
    expect(queryImageVariablesOf('query A($id: ID!) { product(id: $id) { id } }')).toEqual([]);
    expect(queryImageVariablesOf('query A($queryImageId: ID!) {')).toEqual([]);
    expect(queryImageVariablesOf('')).toEqual([]);
  });
});
