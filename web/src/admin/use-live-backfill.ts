import { useEmbeddingStatus, type LookalikeError } from '@lookalike/apollo';
import { useEffect } from 'react';
import { useConnection } from '../connection.js';
import { recordThroughput } from './throughput-samples.js';

/**
 * Follows a run to its end. What comes goes into Apollo's cache, and so to whatever shows the run.
 *
 * @returns Why nothing more comes; null where that is not so.
 */
export function useLiveBackfill(id: string): LookalikeError | null {
  const { status, error } = useEmbeddingStatus({ backfillId: id });
  const isLost = useConnection() === 'lost';
  const run = status?.backfill ?? null;
  useEffect(() => {
    if (run?.startedAt == null || run.finishedAt !== null) return;
    // What was last heard says nothing of the time without a connection.
    recordThroughput(id, isLost ? null : run.imagesPerSecond);
  }, [id, run, isLost]);
  return error;
}
