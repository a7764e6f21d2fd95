import type { Request, RequestHandler } from 'express';
import { BadUserInputError } from '../../errors.js';

/** Refuses with a code what graphql-sse would refuse without one: a request whose parts are of other types. */
export const checkStreamRequest: RequestHandler = (request, _response, next) => {
  // It answers other methods itself.
  if (request.method === 'GET' || request.method === 'POST') {
    const { query, variables, extensions } = partsOf(request);
    if (typeof query !== 'string')
      throw new BadUserInputError('query', '`query` must be a GraphQL document in a string.');
    checkObject('variables', variables);
    checkObject('extensions', extensions);
  }
  next();
};

function partsOf(request: Request): Record<string, unknown> {
  if (request.method === 'POST') return isObject(request.body) ? request.body : {};
  const parameters = new URL(request.originalUrl, 'http://localhost').searchParams;
  const [variables, extensions] = ['variables', 'extensions'].map((name) => jsonOf(name, parameters.get(name)));
  return { query: parameters.get('query'), variables, extensions };
}

function jsonOf(name: string, text: string | null): unknown {
  if (text === null || text === '') return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BadUserInputError(name, `\`${name}\` is not JSON that can be read.`, { cause });
  }
}

function checkObject(name: string, value: unknown): void {
  if (value === null || value === undefined || isObject(value)) return;
  throw new BadUserInputError(name, `\`${name}\` must be an object.`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
