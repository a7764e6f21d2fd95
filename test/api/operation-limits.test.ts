import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  MAX_ALIASES,
  MAX_DEPTH,
  MAX_DIRECTIVES,
  MAX_SELECTIONS,
  MAX_TOKENS,
  MAX_VALIDATION_ERRORS,
} from '../../src/server/operations/document-limits.js';
import { MAX_VARIABLE_VALUES } from '../../src/server/operations/limit-variables.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { REQUEST_WAYS, WAYS_IN, type SeenError } from '../support/ways-in.js';

const MAX_COST = 300;

/** Of `limitJson`, which takes no part of an operation. */
const MAX_JSON_PARTS = 50_000;

let shop: TestShop;

beforeAll(async () => {
  shop = await startTestShop({ products: 1, env: { GRAPHQL_MAX_COST: String(MAX_COST) } });
});

afterAll(() => shop.close());

const ways = Object.entries(WAYS_IN).map(([way, send]) => {
  const type = way in REQUEST_WAYS ? 'query' : 'subscription';
  /** Both types of operation have this one root field. No backfill has run: nothing below that is resolved. */
  const ask = (selections: string, more = ''): Promise<SeenError[]> =>
    send(shop.app, `${type} { embeddingStatus { ${selections} } } ${more}`);
  return { way, type, send, ask };
});

const many = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ');

const codesOf = (errors: SeenError[]): unknown[] => errors.map(({ extensions }) => extensions.code);

const invalid = (message: string) => ({ message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });

/** A field at so many levels, of which `embeddingStatus` is the first. */
function nested(depth: number): string {
  const levels = ['backfill', 'failures(first: 1)', 'nodes', 'product'];
  while (levels.length < depth - 2) levels.push('similarProducts(limit: 1)', 'nodes');
  const path = [...levels.slice(0, depth - 2), '__typename'];
  return path.join(' { ') + ' }'.repeat(path.length - 1);
}

/** Fragments that are spread twice in each other, and stand for `2 ** 9` fields and 1534 selections in all. */
const DOUBLING = many(9, (level) => `fragment F${level} on EmbeddingStatus { ...F${level + 1} ...F${level + 1} }`);
const DOUBLED = `${DOUBLING} fragment F9 on EmbeddingStatus { sequence }`;
/** What `F0` adds with its own spread and `embeddingStatus`. */
const DOUBLED_SELECTIONS = 1534 + 2;

describe.each(ways)('an operation $way', ({ way, type, send, ask }) => {
  it('is refused below the depth that is taken', async () => {
    expect(await ask(nested(MAX_DEPTH))).toEqual([]);
    const message = `Query depth limit of ${MAX_DEPTH} exceeded, found ${MAX_DEPTH + 1}.`;
    expect(await ask(nested(MAX_DEPTH + 1))).toMatchObject([invalid(message)]);
  });

  it.each(['sequence', '__typename'])('is refused for too many aliases of %s', async (field) => {
    const aliased = (count: number) => many(count, (index) => `a${index}: ${field}`);
    expect(await ask(aliased(MAX_ALIASES))).toEqual([]);
    const message = `Aliases limit of ${MAX_ALIASES} exceeded, found ${MAX_ALIASES + 1}.`;
    expect(await ask(aliased(MAX_ALIASES + 1))).toMatchObject([invalid(message)]);
  });

  it('is refused for too many tokens', async () => {
    // `query { embeddingStatus { … } }` has six of its own, and each fragment nine.
    const fragments = many(100, (index) => `fragment F${index} on EmbeddingStatus { sequence }`);
    const spreads = many(100, (index) => `...F${index}`);
    const fields = (count: number) => many(count, () => 'sequence');
    expect(await ask(`${spreads} ${fields(MAX_TOKENS - 906)}`, fragments)).toEqual([]);
    expect(await ask(`${spreads} ${fields(MAX_TOKENS - 905)}`, fragments)).toMatchObject([
      {
        message: `Syntax Error: Document contains more that ${MAX_TOKENS} tokens. Parsing aborted.`,
        extensions: { code: 'GRAPHQL_PARSE_FAILED' },
      },
    ]);
  });

  it('is refused for too many directives, each counted as often as its fragment is spread', async () => {
    const directive = '@include(if: true)';
    const message = (count: number) =>
      `The operation has ${count} directives, and at most ${MAX_DIRECTIVES} are taken.`;
    const plain = (count: number) => many(count, () => `sequence ${directive}`);
    expect(await ask(plain(MAX_DIRECTIVES))).toEqual([]);
    expect(await ask(plain(MAX_DIRECTIVES + 1))).toMatchObject([invalid(message(MAX_DIRECTIVES + 1))]);
    const fragment = (count: number) => `fragment F on EmbeddingStatus { ${plain(count)} }`;
    expect(await ask('...F ...F', fragment(MAX_DIRECTIVES / 2))).toEqual([]);
    expect(await ask('...F ...F', fragment(MAX_DIRECTIVES / 2 + 1))).toMatchObject([
      invalid(message(MAX_DIRECTIVES + 2)),
    ]);
  });

  it('is refused for too many directives on its variables', async () => {
    const directives = many(MAX_DIRECTIVES + 1, () => '@deprecated');
    const errors = await send(shop.app, `${type} ($a: Int ${directives}) { embeddingStatus { sequence } }`);
    const message = `The operation has ${MAX_DIRECTIVES + 1} directives, and at most ${MAX_DIRECTIVES} are taken.`;
    expect(errors).toEqual(expect.arrayContaining([expect.objectContaining({ message })]));
  });

  it('is refused where its fragments multiply', async () => {
    const fitting = many(MAX_SELECTIONS - DOUBLED_SELECTIONS, () => 'sequence');
    expect(await ask(`...F0 ${fitting}`, DOUBLED)).toEqual([]);
    const message = `The operation has ${MAX_SELECTIONS + 1} fields and fragments, and at most ${MAX_SELECTIONS} are taken.`;
    expect(await ask(`...F0 ${fitting} sequence`, DOUBLED)).toMatchObject([invalid(message)]);
  });

  it('is refused where its fragments go in a circle', async () => {
    const errors = await ask('...F', 'fragment F on EmbeddingStatus { ...G } fragment G on EmbeddingStatus { ...F }');
    expect(errors).toMatchObject([invalid('Cannot spread fragment "F" within itself via "G".')]);
  });

  it('is refused for what it costs', async () => {
    const rows = (first: number) =>
      `backfill { all: failures(first: 200) { nodes { imageId } } failures(first: ${first}) { nodes { imageId } } }`;
    expect(await ask(rows(96))).toEqual([]);
    expect(await ask(rows(97))).toMatchObject([
      {
        message: `The operation costs 301, and at most ${MAX_COST} is taken: ask for fewer rows or searches at a time.`,
        extensions: { code: 'BAD_USER_INPUT', cost: 301, maxCost: MAX_COST },
      },
    ]);
  });

  // An address has no room for so many.
  it.skipIf(way === 'by GET')('is refused for too many values in its variables', async () => {
    const query = `${type} { embeddingStatus { sequence } }`;
    const variables = (count: number) => ({ list: Array.from({ length: count - 1 }, () => 0) });
    expect(await send(shop.app, { query, variables: variables(MAX_VARIABLE_VALUES) })).toEqual([]);
    expect(await send(shop.app, { query, variables: variables(MAX_VARIABLE_VALUES + 1) })).toMatchObject([
      {
        message: `The variables hold more than ${MAX_VARIABLE_VALUES} values: ask for less in one operation.`,
        extensions: { code: 'BAD_USER_INPUT', argument: 'variables' },
      },
    ]);
  });

  // Others are cut off at 64 KB, which hold fewer.
  it.runIf(way === 'by POST' || way === 'by multipart')('is refused as JSON of too many parts', async () => {
    const withParts = (count: number) => ({
      query: `${type} { embeddingStatus { sequence } }`,
      // Beside its own commas, the list has a bracket, two braces and a comma around it, and two braces in the document.
      extensions: { list: Array.from({ length: count - 5 }, () => 0) },
    });
    expect(await send(shop.app, withParts(MAX_JSON_PARTS))).toEqual([]);
    expect(await send(shop.app, withParts(MAX_JSON_PARTS + 1))).toMatchObject([
      {
        message: `The request holds more than ${MAX_JSON_PARTS} values.`,
        extensions: { code: 'BAD_USER_INPUT', argument: 'request' },
      },
    ]);
  });

  it('is told no more than the first of its faults', async () => {
    const unknown = (count: number) => many(count, (index) => `unknown${index}`);
    expect(await ask(unknown(MAX_VALIDATION_ERRORS))).toHaveLength(MAX_VALIDATION_ERRORS);
    const errors = await ask(unknown(400));
    expect(errors).toHaveLength(MAX_VALIDATION_ERRORS + 1);
    expect(errors.at(-1)?.message).toBe('Too many validation errors, error limit reached. Validation aborted.');
    expect(new Set(codesOf(errors))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
  });
});

describe('a subscription by POST', () => {
  it('is told where subscriptions are served', async () => {
    const { errors } = await shop.query('subscription { embeddingStatus { sequence } }');
    expect(errors).toMatchObject([
      {
        message: 'Subscriptions are served over WebSocket at /graphql, and as event streams at /graphql/stream.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });
});

describe('the schema', () => {
  it('is told to an editor where INTROSPECTION says so, within the limits, and in all its detail', async () => {
    await shop.close();
    shop = await startTestShop({ products: 1, env: { INTROSPECTION: 'true' } });
    const query = getIntrospectionQuery({
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    });
    const { data, errors } = await shop.query(query);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ __schema: { queryType: { name: 'Query' } } });
  });
});
