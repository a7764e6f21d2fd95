import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { projectRoot } from '../../src/paths.js';
import { readOperations, type SampleOperation } from '../../web/src/graphiql/read-operations.js';
import { giveDemoPhoto } from '../support/search-visit.js';

const folder = join(projectRoot, 'web', 'src', 'graphiql', 'operations');
const operations = readOperations(
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])),
);
const asked = operations.filter(({ kind }) => kind !== 'subscription');

interface Answer {
  data?: Record<string, { userErrors?: { code: string }[] } | null> | null;
  errors?: { message: string; extensions: { code: string } }[];
}

/** As GraphiQL sends it, with the variables of its file. */
async function ask({ query, variables }: SampleOperation, headers: Record<string, string>): Promise<Answer> {
  const given = variables === '' ? {} : (JSON.parse(variables) as Record<string, unknown>);
  if ('queryImageId' in given) given.queryImageId = await giveDemoPhoto('mugs/0001-1.jpg');
  const response = await fetch(new URL('graphql', inject('demoUrl')), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables: given }),
  });
  return (await response.json()) as Answer;
}

/** Those whose variables have an id or a name to be pasted in, and what they answer until then. */
const UNFILLED = /paste an? (id|name)/;

describe('the sample operations in the demo', () => {
  const asAdmin = () => ({ authorization: `Bearer ${inject('demoAdminToken')}` });
  const ready = asked.filter(({ name }) => name !== 'CompareEmbeddingModels');

  it.each(ready.map((operation) => [operation.name, operation] as const))(
    '%s answers as it is',
    async (_, operation) => {
      const { errors, data } = await ask(operation, operation.isAdmin ? asAdmin() : {});
      expect(errors).toBeUndefined();
      const userErrors = Object.values(data ?? {}).flatMap((answer) => answer?.userErrors ?? []);
      const isUnfilled = operation.kind === 'mutation' && UNFILLED.test(operation.variables);
      expect(userErrors.map(({ code }) => code)).toEqual(isUnfilled ? ['NOT_FOUND'] : []);
    },
  );

  it('compares models only where there are two, and says so', async () => {
    const compare = asked.filter(({ name }) => name === 'CompareEmbeddingModels');
    expect(compare).toHaveLength(1);
    for (const operation of compare) {
      expect(await ask(operation, asAdmin())).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    }
  });

  it.each(asked.map((operation) => [operation.name, operation] as const))(
    '%s is marked where it needs the admin token',
    async (_, operation) => {
      const { errors = [] } = await ask(operation, {});
      const codes = errors.map(({ extensions }) => extensions.code);
      expect(codes.includes('UNAUTHENTICATED')).toBe(operation.isAdmin);
    },
  );
});
