import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClipConfig } from '../../src/config.js';

/** The bundled model on the CPU, with no hub to reach. */
export function clipConfig(changes: Partial<ClipConfig> = {}): ClipConfig {
  return {
    model: 'tiny-clip',
    device: 'cpu',
    threads: 1,
    cacheDir: join(tmpdir(), 'lookalike-no-models'),
    endpoint: 'http://127.0.0.1:9/',
    token: null,
    offline: false,
    maxQueued: 1000,
    ...changes,
  };
}
