import { useEmbeddingStatus, type LookalikeError } from '@lookalike/apollo';
import { useEffect, useState } from 'react';
import { useConnection } from '../connection.js';
import { recordThroughput } from './throughput-samples.js';

/**
 * Follows a run to its end. What comes goes into Apollo's cache, and so to whatever shows the run.
 *
 * @param isOver - whether it has ended already.
 * @returns Why nothing more comes; null where that is not so.
 */
export function useLiveBackfill(id: string, isOver: boolean): LookalikeError | null {
  // Whoever has followed it from before its end hears of that by what is followed.
  const [wasOver] = useState(isOver);
  const { status, error } = useEmbeddingStatus({ backfillId: id, skip: wasOver });
  const isLost = useConnection() === 'lost';
  const run = status?.backfill ?? null;
  useEffect(() => {
    if (run?.startedAt == null || run.finishedAt !== null) return;
    // What was last heard says nothing of the time without a connection.
    recordThroughput(id, isLost ? null : run.imagesPerSecond);
  }, [id, run, isLost]);
  return error;
}
