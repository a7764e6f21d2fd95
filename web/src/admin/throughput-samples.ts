import { useSyncExternalStore } from 'react';

/** How fast a run was at a moment; null where nobody worked on it. */
export interface ThroughputSample {
  atMs: number;
  imagesPerSecond: number | null;
}

/** What is older is forgotten. */
export const REMEMBERED_MS = 10 * 60_000;

/** At most one a second comes, from each of two views. */
const CLOSEST_MS = 400;

/** More are never looked at in one sitting; the run that was first goes first. */
const MAX_RUNS = 8;

const NONE: readonly ThroughputSample[] = [];

/** Kept here, not in a component, so that a chart goes on where it was when its view is opened again. */
const samplesOfRun = new Map<string, readonly ThroughputSample[]>();
const listeners = new Set<() => void>();

export function recordThroughput(runId: string, imagesPerSecond: number | null): void {
  const atMs = Date.now();
  const known = samplesOfRun.get(runId) ?? NONE;
  const last = known.at(-1);
  if (last !== undefined && atMs - last.atMs < CLOSEST_MS && last.imagesPerSecond === imagesPerSecond) return;
  const recent = known.filter((sample) => atMs - sample.atMs < REMEMBERED_MS);
  samplesOfRun.set(runId, [...recent, { atMs, imagesPerSecond }]);
  for (const oldest of [...samplesOfRun.keys()].slice(0, -MAX_RUNS)) samplesOfRun.delete(oldest);
  for (const listener of listeners) listener();
}

/** How fast a run was while the page was open, oldest first. */
export function useThroughput(runId: string): readonly ThroughputSample[] {
  return useSyncExternalStore(subscribe, () => samplesOfRun.get(runId) ?? NONE);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
