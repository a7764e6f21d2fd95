import type { RateLimitConfig } from '../../server-config.js';
import type { Caller } from '../access/callers.js';
import { clientKey } from './client-key.js';
import { ClientRate } from './client-rate.js';

/** How much of what is dear an operation asks for. */
export interface RateDemand {
  searches: number;
  /** Photographs that are sent or fetched. */
  uploads: number;
}

/** The shares of all clients. Who has a token has no limits: it is the shop's own. */
export interface ClientRates {
  /**
   * Counts what an operation asks for, before it runs.
   *
   * @throws AppError RATE_LIMITED with `retryAfterMs`.
   */
  charge(caller: Caller, demand: RateDemand): Promise<void>;
  /**
   * Looks whether a client may send one more photograph, and counts nothing.
   *
   * @throws AppError RATE_LIMITED
   */
  checkUploads(caller: Caller): Promise<void>;
}

/** Null limits nothing. */
export function makeClientRates({ uploadsPerMinute, searchesPerMinute }: RateLimitConfig): ClientRates {
  const uploads =
    uploadsPerMinute === null ? null : new ClientRate({ things: 'photographs', perMinute: uploadsPerMinute });
  const searches =
    searchesPerMinute === null ? null : new ClientRate({ things: 'searches', perMinute: searchesPerMinute });
  return {
    charge: async (caller, demand) => {
      if (hasToken(caller)) return;
      const client = clientKey(caller.clientAddress);
      await uploads?.charge(client, demand.uploads);
      await searches?.charge(client, demand.searches);
    },
    checkUploads: async (caller) => {
      if (!hasToken(caller)) await uploads?.check(clientKey(caller.clientAddress));
    },
  };
}

function hasToken({ viewer }: Caller): boolean {
  return viewer.kind === 'reader' || viewer.kind === 'admin';
}
