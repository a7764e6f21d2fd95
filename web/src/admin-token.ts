import { useSyncExternalStore } from 'react';

/** Shared with GraphiQL, and gone with the tab. */
const KEY = 'lookalike.adminToken';

const listeners = new Set<() => void>();

/** The admin token of this tab; null where none was given. */
export function readAdminToken(): string | null {
  return sessionStorage.getItem(KEY);
}

/** @param token - null forgets it. */
export function keepAdminToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
  for (const listener of listeners) listener();
}

/** {@link readAdminToken}, for components. */
export function useAdminToken(): string | null {
  return useSyncExternalStore(subscribe, readAdminToken);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
