import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProductDocument } from '../../packages/apollo/src/generated/operations.js';
import { pageDocuments } from '../../scripts/page-documents.js';
import { makeApolloClient } from '../support/apollo-client.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';
import { REQUEST_WAYS, WAYS_IN } from '../support/ways-in.js';

const DOCUMENTS = {
  status: 'query Status { embeddingStatus { sequence } }',
  statusStream: 'subscription Statuses { embeddingStatus { sequence } }',
  product: 'query ($id: ID!) { product(id: $id) { id title } }',
  similar: 'query ($limit: Int!) { similarToProduct(id: 1, limit: $limit) { nodes { id } } }',
};

const REFUSED = [
  {
    message: 'This server executes the documents only that it was given, and this is none of them.',
    extensions: { code: 'FORBIDDEN' },
  },
];

let folder: string;
let manifest: string;
let shop: TestShop;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-documents-'));
  manifest = join(folder, 'shop.json');
  await writeFile(manifest, JSON.stringify(DOCUMENTS));
  // As the build makes it.
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'documents.json'), JSON.stringify(await pageDocuments()));
  const env = { TRUSTED_DOCUMENTS: manifest, GRAPHQL_MAX_COST: '100' };
  shop = await startTestShop({ products: 2, env, overrides: { webRoot: folder } });
});

afterAll(async () => {
  await shop.close();
  await rm(folder, { recursive: true });
});

const ways = Object.entries(WAYS_IN).map(([way, send]) => {
  const id: keyof typeof DOCUMENTS = way in REQUEST_WAYS ? 'status' : 'statusStream';
  return { way, send, id, document: DOCUMENTS[id] };
});

const named = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

describe.each(ways)('a server that executes trusted documents only, $way', ({ send, id, document }) => {
  it('runs those that it was given, also in the form that Apollo Client sends', async () => {
    expect(await send(shop.app, document)).toEqual([]);
    expect(await send(shop.app, document.replace('{ sequence }', '{ sequence\n __typename }'))).toEqual([]);
  });

  it('runs what is named by its id, and what is trusted whatever it is named', async () => {
    expect(await send(shop.app, named(id))).toEqual([]);
    expect(await send(shop.app, { query: document, ...named('of another making') })).toEqual([]);
  });

  it.each(['sequence model', 'alias: sequence', 'sequence @include(if: true)'])('runs no other: %s', async (fields) => {
    expect(await send(shop.app, document.replace('sequence', fields))).toMatchObject(REFUSED);
  });

  it('tells nothing of any other, be it GraphQL or not', async () => {
    for (const query of [
      '{ __typename }',
      '{ __schema { types { name } } }',
      '{ nothing }',
      '{ product(',
      'x'.repeat(9),
    ]) {
      expect(await send(shop.app, query)).toMatchObject(REFUSED);
    }
  });

  it('runs no unknown id, whatever comes with it', async () => {
    for (const unknown of ['nothing', '__proto__', '']) {
      expect(await send(shop.app, named(unknown))).toMatchObject(REFUSED);
    }
    expect(await send(shop.app, { query: '{ __typename }', ...named(id) })).toMatchObject(REFUSED);
  });
});

describe.each(Object.entries(REQUEST_WAYS))('a trusted document %s', (way, send) => {
  it('is named by `documentId` too, with variables of its own', async () => {
    expect(await send(shop.app, { documentId: 'product', variables: { id: '1' } })).toEqual([]);
    expect(await send(shop.app, { documentId: 'product', variables: {} })).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  it('is limited like any other', async () => {
    expect(await send(shop.app, { documentId: 'similar', variables: { limit: 10 } })).toEqual([]);
    expect(await send(shop.app, { documentId: 'similar', variables: { limit: 90 } })).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', cost: 111 } },
    ]);
  });

  it(`can't be registered (${way})`, async () => {
    const query = '{ __typename }';
    const hash = '7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b';
    expect(await send(shop.app, { query, ...named(hash) })).toMatchObject(REFUSED);
    expect(await send(shop.app, named(hash))).toMatchObject(REFUSED);
  });
});

describe('the page of such a server', () => {
  it('has documents of its own, with which it goes on working', async () => {
    const { client, close } = makeApolloClient(shop.app.url);
    const { data } = await client.query({ query: ProductDocument, variables: { id: '1' } });
    expect(data).toMatchObject({ product: { id: '1', images: [{ isMain: true }] } });
    await close();
  });
});

describe('a server whose manifest is not usable', () => {
  it('does not start, and says why', async () => {
    const env = { TRUSTED_DOCUMENTS: join(folder, 'nowhere.json') };
    await expect(startTestShop({ products: 1, env })).rejects.toThrow(
      `TRUSTED_DOCUMENTS: "${env.TRUSTED_DOCUMENTS}" can't be read (ENOENT).`,
    );
  });
});
