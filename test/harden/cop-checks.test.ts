import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { REQUEST_WAYS, SUBSCRIPTION_WAYS, type SeenError } from '../support/ways-in.js';

const MANY = 101;

const many = (make: (index: number) => string): string =>
  Array.from({ length: MANY }, (_, index) => make(index)).join(' ');

/** A document whose selections come under the one field that the way in has. */
interface Way {
  name: string;
  ask: (selections: string) => Promise<SeenError[]>;
}

let shop: TestShop;

beforeAll(async () => {
  // As a shop's server is by default: no editor, no introspection.
  shop = await startTestShop({ products: 1 });
});

afterAll(() => shop.close());

const WAYS: Way[] = [
  { name: 'over HTTP', ask: (selections) => REQUEST_WAYS['by POST'](shop.app, `query { ${selections} }`) },
  {
    name: 'over WebSocket',
    ask: (selections) => SUBSCRIPTION_WAYS['over WebSocket'](shop.app, `subscription { ${selections} }`),
  },
];

/** What both transports have of each kind, in the words that they share. */
const STATUS = 'embeddingStatus';

describe.each(WAYS)('a document $name', ({ ask }) => {
  it('is answered where it asks once', async () => {
    expect(await ask(`${STATUS} { sequence again: sequence @include(if: true) __typename }`)).toEqual([]);
  });

  it.each([
    ['aliases', `${STATUS} { ${many((index) => `alias${index}: sequence`)} }`],
    ['aliases of __typename', `${STATUS} { ${many((index) => `alias${index}: __typename`)} }`],
    ['directives that there are', `${STATUS} { sequence ${many(() => '@include(if: true)')} }`],
    ['directives that there are not', `${STATUS} { sequence ${many(() => '@nothing')} }`],
    ['introspection in a circle', '__schema { types { fields { type { fields { type { fields { name } } } } } } }'],
    ['introspection', '__schema { types { name } }'],
    ['the introspection of a type', '__type(name: "Query") { name }'],
  ])('is refused for %s', async (_what, selections) => {
    expect(await ask(selections)).not.toEqual([]);
  });

  it('is refused for one field again and again', async () => {
    const duplicated = Array.from({ length: 1000 }, () => 'sequence').join(' ');
    expect(await ask(`${STATUS} { ${duplicated} }`)).not.toEqual([]);
  });

  it.each([`${STATUS} { sequenc }`, 'embeddingStatu { sequence }'])(
    'is told nothing of the schema where it is nearly right: %s',
    async (selections) => {
      const errors = await ask(selections);
      expect(errors).not.toEqual([]);
      expect(JSON.stringify(errors)).not.toMatch(/did you mean|"sequence"|"embeddingStatus"/i);
    },
  );

  it('gets no stack, no path of a file and no trace with an error', async () => {
    const errors = await ask(`${STATUS} { `);
    expect(errors).not.toEqual([]);
    expect(JSON.stringify(errors)).not.toMatch(/stacktrace|exception|node_modules|\.[jt]s:\d|tracing/i);
  });
});

const post = (init: RequestInit) => fetch(`${shop.app.url}graphql`, { method: 'POST', ...init });

describe('a request over HTTP', () => {
  it('is one operation and no batch', async () => {
    const operation = { query: '{ __typename }' };
    const body = JSON.stringify(Array.from({ length: 10 }, () => operation));
    const response = await post({ headers: { 'content-type': 'application/json' }, body });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('"Query"');
  });

  it.each([
    ['a query', '{ __typename }'],
    ['a mutation', 'mutation { __typename }'],
  ])('by GET with what any page can make a browser send does not run %s', async (_what, query) => {
    const response = await fetch(`${shop.app.url}graphql?${new URLSearchParams({ query }).toString()}`);
    expect(response.status).toBe(400);
  });

  it('by GET does not run a mutation whatever headers it has', async () => {
    const query = new URLSearchParams({ query: 'mutation { __typename }' }).toString();
    const headers = { 'apollo-require-preflight': 'true' };
    expect((await fetch(`${shop.app.url}graphql?${query}`, { headers })).status).toBe(405);
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])(
    'in the form of %s, which a page may send unasked, is refused',
    async (type) => {
      const query = new URLSearchParams({ query: '{ __typename }' }).toString();
      const response = await post({ headers: { 'content-type': type }, body: query });
      expect(response.status).toBe(400);
    },
  );

  it.each([{ query: { a: 1 } }, { query: '{ __typename }', variables: [1] }, { operationName: {} }, 1])(
    'that is none is refused without what is for developers: %j',
    async (body) => {
      const response = await post({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      expect(response.status).toBe(400);
      expect(await response.text()).not.toMatch(/stacktrace|exception|node_modules|\.[jt]s:\d/i);
    },
  );

  it('is not traced because it asks to be', async () => {
    const headers = {
      'content-type': 'application/json',
      'x-apollo-tracing': '1',
      'apollo-federation-include-trace': 'ftv1',
    };
    const response = await post({ headers, body: JSON.stringify({ query: '{ __typename }' }) });
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  });

  it.each(['/graphql', '/graphiql', '/playground', '/console', '/altair', '/voyager'])(
    'finds no editor at %s',
    async (path) => {
      const response = await fetch(new URL(path, shop.app.url), { headers: { accept: 'text/html' } });
      expect(response.status).toBe(path === '/graphql' ? 400 : 404);
      // What is told of the address that there is not, names it.
      const body = (await response.text()).replaceAll(path, '');
      expect(body).not.toMatch(/graphiql|playground|altair|voyager|sandbox/i);
    },
  );
});

describe('a message over WebSocket', () => {
  it.each(['{ __typename }', 'mutation { __typename }'])('runs no operation that comes by HTTP: %s', async (query) => {
    expect(await SUBSCRIPTION_WAYS['over WebSocket'](shop.app, query)).toMatchObject([
      { message: 'Only subscriptions are served over WebSocket.' },
    ]);
  });
});
