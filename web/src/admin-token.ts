import { useSyncExternalStore } from 'react';

/** Shared with GraphiQL, and gone with the tab. */
const KEY = 'lookalike.adminToken';

/** Where this tab stands with the admin token. `refused`: the server no longer accepts the one that it had. */
export type AdminAccess = 'none' | 'given' | 'refused';

let isRefused = false;
const listeners = new Set<() => void>();

/** The admin token of this tab; null where none was given. */
export function readAdminToken(): string | null {
  return sessionStorage.getItem(KEY);
}

/** @param token - null forgets it. */
export function keepAdminToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
  isRefused = false;
  tell();
}

/** Forgets a token that the server no longer accepts, and remembers that this is why. */
export function refuseAdminToken(): void {
  sessionStorage.removeItem(KEY);
  isRefused = true;
  tell();
}

/** For components: whether there is a token, and if not, why. */
export function useAdminAccess(): AdminAccess {
  return useSyncExternalStore(subscribe, readAccess);
}

function readAccess(): AdminAccess {
  if (readAdminToken() !== null) return 'given';
  return isRefused ? 'refused' : 'none';
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
