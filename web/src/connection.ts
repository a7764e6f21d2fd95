import type { ConnectionState } from '@lookalike/apollo';
import { useSyncExternalStore } from 'react';

let state: ConnectionState = 'idle';
const listeners = new Set<() => void>();

/** For the link: whether subscriptions get through. */
export function noteConnection(next: ConnectionState): void {
  // What follows a lost connection are attempts; they tell nothing new until one succeeds.
  if (state === 'lost' && next === 'connecting') return;
  state = next;
  for (const listener of listeners) listener();
}

/** Whether subscriptions get through. */
export function useConnection(): ConnectionState {
  return useSyncExternalStore(subscribe, () => state);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
