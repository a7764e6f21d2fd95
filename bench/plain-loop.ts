import { basename, dirname } from 'node:path';
import { env, pipeline, RawImage, type Tensor } from '@xenova/transformers';
import { makeDatabase } from '../src/db/database.js';
import type { Close } from '../src/types.js';
import { silentLog } from '../test/support/silent-log.js';
import { serveBenchDatabase } from './bench-database.js';

/** What one writes first: a loop that downloads an image, embeds it and inserts its vector, one after the other. */
export interface PlainLoop {
  /** Images a second, over all. */
  perSecond(): Promise<number>;
  close: Close;
}

/** @param folder - of the model, in the hub's layout. */
export async function openPlainLoop(folder: string, imageUrls: readonly string[]): Promise<PlainLoop> {
  env.localModelPath = dirname(folder);
  env.allowRemoteModels = false;
  const extract = await pipeline('image-feature-extraction', basename(folder), { dtype: 'fp32' });
  const served = await serveBenchDatabase(null);
  const database = makeDatabase({ url: served.url, name: 'vector', maxConnections: 1, log: silentLog });
  await database.query('create extension if not exists vector');
  await database.query('create table plain (url text primary key, embedding vector)');
  return {
    perSecond: async () => {
      const startedMs = performance.now();
      for (const url of imageUrls) {
        const response = await fetch(url);
        const embedding: Tensor = await extract(await RawImage.fromBlob(await response.blob()));
        await database.query(
          'insert into plain values ($1, $2) on conflict (url) do update set embedding = excluded.embedding',
          [url, `[${Array.from(embedding.data as Float32Array).join(',')}]`],
        );
      }
      return (imageUrls.length / (performance.now() - startedMs)) * 1000;
    },
    close: async () => {
      await extract.dispose();
      await database.close();
      await served.stop();
    },
  };
}
