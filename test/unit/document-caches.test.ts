import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { makeParsedDocuments, makeRegisteredDocuments } from '../../src/server/documents/document-caches.js';

describe('the documents that clients have registered', () => {
  it('are no more than there is room for: those that were asked for last', async () => {
    const documents = makeRegisteredDocuments({ maxEntries: 3, maxCharacters: 1000 });
    for (const key of ['a', 'b', 'c']) await documents.set(key, `{ ${key} }`);
    expect(await documents.get('a')).toBe('{ a }');
    await documents.set('d', '{ d }');
    const kept = await Promise.all(['a', 'b', 'c', 'd'].map((key) => documents.get(key)));
    expect(kept).toEqual(['{ a }', undefined, '{ c }', '{ d }']);
  });

  it('take no more characters than there is room for', async () => {
    const documents = makeRegisteredDocuments({ maxEntries: 100, maxCharacters: 100 });
    for (let index = 0; index < 10; index += 1) await documents.set(`${index}`, 'x'.repeat(30));
    const kept = await Promise.all(Array.from({ length: 10 }, (_, index) => documents.get(`${index}`)));
    expect(kept.filter((document) => document !== undefined)).toHaveLength(3);
    await documents.set('long', 'x'.repeat(101));
    expect(await documents.get('long')).toBeUndefined();
  });
});

describe('the documents that were parsed', () => {
  it('are counted by the length of what they were parsed from', async () => {
    const documents = makeParsedDocuments({ maxEntries: 100, maxCharacters: 100 });
    const [short, long] = [parse('{ id }'), parse(`{ ${'id '.repeat(20)} }`)];
    await documents.set('short', short);
    await documents.set('long', long);
    await documents.set('longer', long);
    const kept = await Promise.all(['short', 'long', 'longer'].map((key) => documents.get(key)));
    expect(kept).toEqual([undefined, undefined, long]);
  });
});
