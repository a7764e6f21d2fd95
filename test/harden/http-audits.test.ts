import { auditServer, type AuditResult } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestShop, type TestShop } from '../support/test-shop.js';

/** Each needs a GET that any page could make a browser send, which the check for forged requests refuses. */
const REFUSED_GETS = ['5A70', 'D6D5', '6A70'];

let shop: TestShop;

beforeAll(async () => {
  // Some of the audits ask for a type of the schema.
  shop = await startTestShop({ products: 1, env: { INTROSPECTION: 'true' } });
});

afterAll(() => shop.close());

function tableOf(results: readonly AuditResult[]): string {
  const lines = results.map((result) => {
    const { id, name, status } = result;
    return `${status.padEnd(6)} ${id} ${name}${status === 'ok' ? '' : `: ${result.reason}`}`;
  });
  return `${lines.join('\n')}\n`;
}

const idsOf = (results: readonly AuditResult[], status: AuditResult['status']) =>
  results.filter((result) => result.status === status).map(({ id }) => id);

describe('GraphQL over HTTP', () => {
  it('passes the audits of its specification but for GETs without a header that forgery lacks', async () => {
    const results = await auditServer({ url: `${shop.app.url}graphql` });
    process.stdout.write(tableOf(results));
    expect(idsOf(results, 'error')).toEqual([]);
    expect(idsOf(results, 'warn')).toEqual([]);
    expect(idsOf(results, 'notice')).toEqual(REFUSED_GETS);
    expect(idsOf(results, 'ok')).toHaveLength(58);
  });
});

describe('a faulty document', () => {
  const statusFor = async (query: string, accept: string): Promise<number> =>
    (await shop.query(query, {}, { accept })).status;

  it.each([
    '{',
    '{ nothing }',
    'query ($id: ID!) { product(id: $id) { id } }',
    'query A { __typename } query B { __typename }',
  ])('has a status by the type that is taken: %s', async (query) => {
    expect(await statusFor(query, 'application/json')).toBe(200);
    expect(await statusFor(query, 'application/graphql-response+json')).toBe(400);
  });

  it('is not what a request without a document is', async () => {
    expect(await statusFor('', 'application/json')).toBe(400);
  });
});
