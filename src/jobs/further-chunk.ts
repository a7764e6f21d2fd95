import { READY_AHEAD } from './embed-image.js';

/** A chunk that is stuck behind its hosts is followed by another one after this time at the earliest: other workers look sooner. */
const PATIENCE_MS = 10_000;

/** The chunk that a worker took last. */
export interface TakenChunk {
  /** Images that waited for their host when it was taken. */
  waitingBefore: number;
  /** Images of it that are to be fetched. */
  neededCount: number;
  /** Milliseconds since it was taken. */
  ageMs: number;
}

/**
 * Whether a further chunk would give a worker something to do that has one. Where few images wait, it would. Where many do, they
 * wait for their hosts: another chunk helps if it has images of other hosts, as the last one had if most of it did not
 * join the queue; else it is better left to workers that have none, for a while.
 *
 * @param waiting - images that wait for their host now.
 */
export function isFurtherChunkOfUse(waiting: number, last: TakenChunk): boolean {
  const joined = waiting - last.waitingBefore;
  return waiting < READY_AHEAD || joined < last.neededCount / 2 || last.ageMs > PATIENCE_MS;
}
