import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../src/db/database.js';
import { startRun } from '../../src/services/start-run.js';
import type { Stores } from '../../src/jobs/backfill-parts.js';
import { makeStores } from '../../src/stores.js';
import type { Close } from '../../src/types.js';
import { createCatalog } from './catalog-fixture.js';
import { startEmptyTestDatabase, startTestDatabase } from './database.js';
import { silentLog } from './silent-log.js';
import { testPhotograph } from './test-photographs.js';

/** Products of the shop, with one main image each. Their ids, and those of their images, are 1, 2, 3, ... */
export const IMAGES = 60;

/** The image that its host does not have. */
const MISSING_IMAGE = 13;

/** A shop for real processes: two databases, a host of photographs, and the environment that names them. */
export interface ProcessShop {
  host: PhotographHost;
  vectors: Database;
  catalogue: Database;
  vectorsUrl: string;
  catalogueUrl: string;
  env: Record<string, string>;
  stores: Stores;
  /** Writes a run that waits for workers. @returns Its id. */
  writeRun(model?: string): Promise<string>;
  /** How many images are embedded. */
  storedCount(): Promise<number>;
  /** Empties the vector database, and lets the host answer again. No process may be at work. */
  reset(): Promise<void>;
  close: Close;
}

export async function startProcessShop(): Promise<ProcessShop> {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-process-'));
  const [host, vectors, catalogue] = await Promise.all([
    PhotographHost.start(),
    startTestDatabase(),
    startEmptyTestDatabase(),
  ]);
  const numbers = Array.from({ length: IMAGES }, (_, index) => String(index + 1));
  await createCatalog(catalogue.database, {
    keyType: 'integer',
    products: numbers.map((id) => ({ id, title: `Product ${id}` })),
    images: numbers.map((id) => ({ id, productId: id, url: `http://${host.address}/${id}.jpg`, isMain: true })),
  });
  const { database } = vectors;
  const vector = { database, url: vectors.url, engine: 'embedded' } as const;
  const stores = makeStores(vector, { index: 'hnsw', exactSearchRows: null, efSearch: 200, probes: 32 }, silentLog);
  return {
    host,
    vectors: database,
    catalogue: catalogue.database,
    vectorsUrl: vectors.url,
    catalogueUrl: catalogue.url,
    env: {
      DATABASE_URL: catalogue.url,
      VECTOR_DATABASE_URL: vectors.url,
      DATA_DIR: join(folder, 'data'),
      CLIP_MODEL: 'tiny-clip',
      IMAGE_ALLOWED_PRIVATE_HOSTS: host.address,
      BATCH_SIZE: '5',
      DOWNLOAD_CONCURRENCY: '4',
    },
    stores,
    writeRun: async (model = 'tiny-clip') => {
      await stores.embeddings.ensureModel({ name: model, dimensions: 512 });
      const start = await startRun(stores, { model, scope: 'MISSING', imageScope: 'main' }, [{ kind: 'PLAN' }]);
      if (start.kind === 'conflict') throw new Error('There is an active run.');
      return start.run.id;
    },
    storedCount: async () => {
      const [row] = await database.query<{ count: number }>('select count(*)::int as count from image_embeddings');
      return row?.count ?? 0;
    },
    reset: async () => {
      host.reset();
      await database.query(
        `truncate embedding_models, image_embeddings, embedding_backfills, embedding_failures, lookalike_queue.job cascade`,
      );
    },
    close: async () => {
      await Promise.all([host.close(), vectors.close(), catalogue.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A host that serves the photographs and can hold back those from a number on. */
export class PhotographHost {
  /** The numbers it has served, in order. */
  readonly served: string[] = [];
  private heldFrom = Infinity;
  private hasAll = false;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<PhotographHost> {
    const server = createServer();
    const host = new PhotographHost(server);
    server.on('request', (request, response) => {
      const number = Number(/\/(\d+)\.jpg$/.exec(request.url ?? '')?.[1]);
      if (number === MISSING_IMAGE && !host.hasAll) {
        response.writeHead(404).end();
        return;
      }
      if (number >= host.heldFrom) return;
      host.served.push(String(number));
      void testPhotograph(number).then((bytes) => response.end(bytes));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return host;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Requests for photographs from this number on get no answer. */
  holdFrom(number: number): void {
    this.heldFrom = number;
  }

  /** Answers everything from now on. Requests that were held back stay without an answer. */
  release(): void {
    this.heldFrom = Infinity;
  }

  /** From now on it has the missing image too. */
  supplyMissing(): void {
    this.hasAll = true;
  }

  reset(): void {
    this.release();
    this.hasAll = false;
    this.served.length = 0;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
