import { setTimeout as pause } from 'node:timers/promises';
import { Closers } from '../../src/closers.js';
import { loadConfig } from '../../src/config.js';
import { startCore } from '../../src/core.js';
import type { BackfillParts } from '../../src/jobs/backfill-parts.js';
import { BackfillWorker } from '../../src/jobs/backfill-worker.js';
import type { Close } from '../../src/types.js';
import { queuedJobs } from './chaos-faults.js';
import { startChaosImageHost, type Sent } from './chaos-image-host.js';
import type { ChaosShop } from './chaos-shop.js';
import { makeDeterministicEncoder } from './deterministic-encoder.js';
import { Standstill } from './chaos-standstill.js';
import { startPostgresProxy, type PostgresProxy } from './postgres-proxy.js';
import { makeRecordedLog, type LogEntry } from './recorded-log.js';

/** A worker with nothing to wait for moves on more often than that: then it is a lease that has to run out. */
const STUCK_AFTER_MS = 1000;

const LOOK_EVERY_MS = 50;

/** Only a broken program takes as long. */
const PATIENCE_MS = 60_000;

/** Workers in this process, one after another, behind a network of their own. */
export class InnerWorkers {
  private constructor(
    private readonly shop: ChaosShop,
    private readonly parts: BackfillParts,
    /** What they ask the databases goes through these. */
    readonly proxies: { vectors: PostgresProxy; catalogue: PostgresProxy },
    private readonly entries: LogEntry[],
    readonly close: Close,
  ) {}

  /** @param options.send - what their host of photographs sends. */
  static async start(options: {
    shop: ChaosShop;
    send: (number: number) => Promise<Sent> | Sent;
    env: Record<string, string>;
  }): Promise<InnerWorkers> {
    const { shop, send, env } = options;
    const { log, entries } = makeRecordedLog();
    const closers = new Closers(log);
    const host = await startChaosImageHost({ send });
    closers.push('image host', host.close);
    const [vectors, catalogue] = await Promise.all([shop.urls.vectors, shop.urls.catalogue].map(startPostgresProxy));
    if (vectors === undefined || catalogue === undefined) throw new Error('There is no proxy.');
    for (const proxy of [vectors, catalogue]) closers.push('proxy', proxy.close);
    const config = loadConfig({
      DATABASE_URL: catalogue.url,
      VECTOR_DATABASE_URL: vectors.url,
      IMAGE_BASE_URL: host.url,
      IMAGE_ALLOWED_PRIVATE_HOSTS: host.host,
      ...env,
    });
    const overrides = { encoder: makeDeterministicEncoder() };
    const core = await startCore({ config, log, whenLocked: 'fail', overrides }, closers);
    const parts = await core.partsOf(core.configured);
    return new InnerWorkers(shop, parts, { vectors, catalogue }, entries, () => closers.closeAll());
  }

  /** A worker works until the run has ended and the queue is empty; what it waits for of the clock comes at once. */
  async workOn(backfillId: string): Promise<void> {
    const worker = new BackfillWorker(this.parts);
    this.entries.length = 0;
    worker.start();
    try {
      await this.seeThrough(backfillId, () => worker.wake());
    } catch (error) {
      const log = this.entries.map((entry) => JSON.stringify(entry)).join('\n');
      throw new Error(`${String(error)}\n${log}`, { cause: error });
    } finally {
      await worker.close();
    }
  }

  private async seeThrough(backfillId: string, wake: () => void): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    const standstill = new Standstill(this.shop, STUCK_AFTER_MS);
    for (;;) {
      const { finishedAt } = await this.shop.run(backfillId);
      if (finishedAt !== null && (await queuedJobs(this.shop, backfillId)) === 0) return;
      if (performance.now() > deadline) throw new Error('Waited in vain: the run ends');
      await standstill.look();
      wake();
      await pause(LOOK_EVERY_MS);
    }
  }
}
