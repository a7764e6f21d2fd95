import { useSyncExternalStore } from 'react';

/** Shared with GraphiQL, and gone with the tab. */
const KEY = 'lookalike.adminToken';

/** Where this tab stands with the admin token. `refused`: the server no longer accepts the one that it had. */
export type AdminAccess = 'none' | 'given' | 'refused';

let isRefused = false;

/** Where the browser keeps nothing for pages, it is gone with this page. */
let unkept: string | null = null;

const listeners = new Set<() => void>();

/** The admin token of this tab; null where none was given. */
export function readAdminToken(): string | null {
  try {
    return sessionStorage.getItem(KEY) ?? unkept;
  } catch {
    return unkept;
  }
}

/** @param token - null forgets it. */
export function keepAdminToken(token: string | null): void {
  write(token);
  isRefused = false;
  tell();
}

/** Forgets a token that the server no longer accepts, and remembers that this is why. */
export function refuseAdminToken(): void {
  write(null);
  isRefused = true;
  tell();
}

/** For components: whether there is a token, and if not, why. */
export function useAdminAccess(): AdminAccess {
  return useSyncExternalStore(subscribe, readAccess);
}

function write(token: string | null): void {
  unkept = null;
  try {
    if (token === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, token);
  } catch {
    unkept = token;
  }
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
