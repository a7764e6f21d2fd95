import { describe, expect, it } from 'vitest';
import { operationOf } from '../../web/src/graphiql/operation-of.js';
import { requestHeaders } from '../../web/src/graphiql/request-headers.js';

describe('the headers of a request from GraphiQL', () => {
  const headersOf = (typed: Record<string, unknown>, token: string | null) =>
    Object.fromEntries(requestHeaders(typed, token));

  it('have the admin token where there is one', () => {
    expect(headersOf({}, 'secret')).toEqual({ authorization: 'Bearer secret' });
    expect(headersOf({}, null)).toEqual({});
  });

  it('are those that were typed, however they are spelt', () => {
    expect(headersOf({ Authorization: 'Bearer typed', 'X-Count': 6 }, 'secret')).toEqual({
      authorization: 'Bearer typed',
      'x-count': '6',
    });
  });
});

describe('operationOf', () => {
  const two = 'query A { a } subscription B { b }';

  it('finds the operation of a name', () => {
    expect(operationOf(two, 'B')?.operation).toBe('subscription');
  });

  it('finds the only one, whatever name is asked for', () => {
    expect(operationOf('mutation C { c }', 'A')?.name?.value).toBe('C');
    expect(operationOf('{ c }', null)?.operation).toBe('query');
  });

  it('finds none of several without their name, and none in what can’t be parsed', () => {
    expect(operationOf(two, null)).toBeNull();
    expect(operationOf(two, 'C')).toBeNull();
    expect(operationOf('query {', null)).toBeNull();
  });
});
