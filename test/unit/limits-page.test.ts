import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { projectRoot } from '../../src/paths.js';
import * as documents from '../../src/server/operations/document-limits.js';
import { MAX_VARIABLE_VALUES } from '../../src/server/operations/limit-variables.js';
import { MAX_SUBSCRIPTION_BYTES } from '../../src/server/subscriptions/subscriptions.js';
import { MAX_FILTER_VALUES } from '../../src/services/catalog/check-filter-words.js';
import { MAX_FACET_VALUES } from '../../src/services/facets.js';
import { MAX_QUESTION_IMAGES, MAX_TEXT_LENGTH } from '../../src/services/words-question.js';
import { MAX_SEARCH_LIMIT } from '../../src/types.js';

const rows = readFileSync(join(projectRoot, 'docs', 'limits.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').map((cell) => cell.trim()));

/** What the page says beside `what`. */
const saidOf = (what: string): string => rows.find(([, first]) => first?.startsWith(what))?.[2] ?? '';

const { server } = loadConfig({ DATABASE_URL: 'postgres://shop.example/shop' });

describe('docs/limits.md', () => {
  it.each([
    ['tokens', documents.MAX_TOKENS],
    ['levels of fields', documents.MAX_DEPTH],
    ['aliases', documents.MAX_ALIASES],
    ['directives', documents.MAX_DIRECTIVES],
    ['fields and fragments', documents.MAX_SELECTIONS],
    ['faults of a document', documents.MAX_VALIDATION_ERRORS],
    ['rows of a page', `${MAX_SEARCH_LIMIT}; ${MAX_FACET_VALUES}`],
    ['photographs and products of one search', MAX_QUESTION_IMAGES],
    ['words of a search', `${MAX_TEXT_LENGTH} characters`],
    ['a request to `/graphql/stream`', `${MAX_SUBSCRIPTION_BYTES / 1024} KiB`],
  ])('says of %s what the code has', (what, limit) => {
    expect(saidOf(what)).toBe(String(limit));
  });

  it.each([
    ['values in the variables', MAX_VARIABLE_VALUES.toLocaleString('en')],
    ['values of one filter', MAX_FILTER_VALUES],
    ['cost', server.documents.maxCost],
    ['photographs of one client', server.rateLimits.uploadsPerMinute],
    ['searches of one client', server.rateLimits.searchesPerMinute],
    ['operations over HTTP', server.maxOperations],
    ['a request with its body', server.requestTimeoutMs / 1000],
  ])('says of %s what is set by default', (what, limit) => {
    expect(saidOf(what)).toMatch(new RegExp(`(^|, )${limit}\\b`));
  });
});
