import { MAX_SEARCH_LIMIT } from '../types.js';

/** How many products a page has unless the client says otherwise. */
export const DEFAULT_LIMIT = 12;

export const LIMIT_DESCRIPTION = `How many products to return at most, from 1 to ${MAX_SEARCH_LIMIT}.`;

export const MIN_SIMILARITY_DESCRIPTION = 'Leave out products that are less alike than this, from -1 to 1.';
