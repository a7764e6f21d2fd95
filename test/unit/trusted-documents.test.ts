import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { parseManifest } from '../../src/server/documents/document-manifest.js';
import { loadTrustedDocuments, makeTrustedDocuments } from '../../src/server/documents/trusted-documents.js';

const schema = buildSchema('type Query { mug(id: ID): Mug } type Mug { id: ID! title: String }');

const APOLLO = { format: 'apollo-persisted-query-manifest', version: 1 };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-documents-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function load(content: unknown) {
  const manifest = join(folder, 'manifest.json');
  await writeFile(manifest, typeof content === 'string' ? content : JSON.stringify(content));
  return loadTrustedDocuments({ manifest, webRoot: null }, schema);
}

async function faultsOf(content: unknown): Promise<unknown> {
  const error: unknown = await load(content).catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigError)) throw new Error('It was loaded.');
  return error.faults.map(({ variable, message }) => `${variable}: ${message.replace(folder, '')}`);
}

describe('a manifest', () => {
  const [query, mutation] = ['query Q { mug { id } }', 'mutation M { drop }'];

  it('is what Apollo writes', () => {
    const operations = [
      { id: 'abc', name: 'Q', type: 'query', body: query },
      { id: 'def', name: 'M', type: 'mutation', body: mutation },
    ];
    const read = parseManifest(JSON.stringify({ ...APOLLO, operations }));
    expect([...(read ?? [])]).toEqual([
      ['abc', query],
      ['def', mutation],
    ]);
  });

  it('is an object from ids to documents', () => {
    expect([...(parseManifest(JSON.stringify({ abc: query })) ?? [])]).toEqual([['abc', query]]);
  });

  it.each([
    [{}],
    [[]],
    [null],
    ['text'],
    [{ abc: 1 }],
    [{ abc: '' }],
    [{ ...APOLLO, version: 2, operations: [{ id: 'abc', body: query }] }],
    [{ ...APOLLO, operations: [] }],
    [{ ...APOLLO, operations: [{ id: 'abc' }] }],
    [{ ...APOLLO, operations: [null] }],
    [{ ...APOLLO, operations: { abc: query } }],
  ])('is not %j', (content) => {
    expect(parseManifest(JSON.stringify(content))).toBeNull();
  });
});

describe("loading the operator's manifest", () => {
  it('tells that the file is not there', async () => {
    const files = { manifest: join(folder, 'nowhere.json'), webRoot: null };
    await expect(loadTrustedDocuments(files, schema)).rejects.toThrow(
      `TRUSTED_DOCUMENTS: "${files.manifest}" can't be read (ENOENT).`,
    );
    await expect(loadTrustedDocuments({ ...files, manifest: folder }, schema)).rejects.toThrow('(EISDIR)');
  });

  it.each(['no JSON', '{}'])('tells that %s is none', async (content) => {
    expect(await faultsOf(content)).toEqual([
      'TRUSTED_DOCUMENTS: "/manifest.json" is no manifest of documents: it must be what @apollo/generate-persisted-query-manifest writes, or a JSON object from ids to documents.',
    ]);
  });

  it('tells of every document that could not run', async () => {
    const many = `{ ${Array.from({ length: 31 }, (_, index) => `a${index}: mug { id }`).join(' ')} }`;
    const documents = { good: '{ mug { id } }', unknown: '{ cup { id } }', broken: '{ mug', many };
    expect(await faultsOf(documents)).toEqual([
      `TRUSTED_DOCUMENTS: "/manifest.json" has "unknown", which can't run: Cannot query field "cup" on type "Query". Did you mean "mug"?`,
      `TRUSTED_DOCUMENTS: "/manifest.json" has "broken", which can't run: Syntax Error: Expected Name, found <EOF>.`,
      `TRUSTED_DOCUMENTS: "/manifest.json" has "many", which can't run: Aliases limit of 30 exceeded, found 31.`,
    ]);
  });
});

describe('a trusted document', () => {
  const source = 'query Mug($id: ID) { mug(id: $id) { ...Card } } fragment Card on Mug { id title }';
  const trusted = makeTrustedDocuments(new Map([['abc', source]]));

  it.each([
    ['as it is', source],
    ['with another layout', source.replaceAll(' ', '\n\t')],
    ['with comments and commas', `# A comment\n${source.replaceAll('id title', 'id, # the title\n title')}`],
    [
      'with its definitions in another order',
      'fragment Card on Mug { id title } query Mug($id: ID) { mug(id: $id) { ...Card } }',
    ],
    [
      'with what Apollo Client puts in',
      source.replaceAll('...Card', '...Card __typename').replace('title', 'title __typename'),
    ],
  ])('is found %s, and runs as it came', (_how, query) => {
    expect(trusted.find({ query })).toBe(query);
  });

  it('is found by its id, whichever way that is given', () => {
    expect(trusted.find({ documentId: 'abc' })).toBe(source);
    expect(trusted.find({ extensions: { persistedQuery: { sha256Hash: 'abc', version: 1 } } })).toBe(source);
    expect(trusted.find({ query: '', documentId: 'abc' })).toBe(source);
  });

  it.each([
    ['another field', { query: source.replace('id title', 'id') }],
    ['another default', { query: source.replace('$id: ID', '$id: ID = 1') }],
    ['another name', { query: source.replace('query Mug', 'query Cup') }],
    ['an alias of __typename', { query: source.replace('title', 'title a: __typename') }],
    ['a directive on __typename', { query: source.replace('title', 'title __typename @skip(if: true)') }],
    ['one more operation', { query: `${source} query Other { mug { id } }` }],
    ['no GraphQL', { query: '{ mug' }],
    ['a trusted id with a document of its own', { query: '{ mug { id } }', documentId: 'abc' }],
    ['an unknown id', { documentId: 'def' }],
    ['the name of a method as its id', { documentId: 'constructor' }],
    ['an id that is no text', { documentId: ['abc'] }],
    ['nothing', {}],
  ])('is not what has %s', (_what, asked) => {
    expect(() => trusted.find(asked)).toThrow(
      'This server executes the documents only that it was given, and this is none of them.',
    );
  });
});
