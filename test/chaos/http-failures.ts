import { faultsOf } from '../support/chaos-faults.js';
import type { Ground } from '../support/chaos-ground.js';
import type { Sent } from '../support/chaos-image-host.js';
import { InnerWorkers } from '../support/chaos-inner-worker.js';
import { Random } from '../support/chaos-random.js';
import { stockOf } from '../support/chaos-shop.js';
import { sendFrom } from './play-with-crew.js';
import type { Played, Scenario } from './scenario.js';

export const HTTP_MISHAPS = ['reset', 'busy', 'cut off'] as const satisfies readonly Sent[];

export type HttpMishap = (typeof HTTP_MISHAPS)[number];

const STOCK = stockOf(20);

/** A run asks for no more photographs, the second tries included. */
const MOST_READS = 100;

/** A run of 20 products for each of its reads over HTTP, which that befalls once. */
export function httpScenario(given: { mishap: HttpMishap; every: number; seed: number }): Scenario {
  const { mishap, every, seed } = given;
  return {
    name: `a read is ${mishap}, one of ${every} in turn, seed ${seed}`,
    play: (ground) => failReads(ground, { ...given, first: new Random(seed, mishap).between(1, every) }),
  };
}

async function failReads(
  { shop }: Ground,
  { mishap, first, every }: { mishap: HttpMishap; first: number; every: number },
): Promise<Played> {
  let [reads, nth] = [0, 0];
  const send = (number: number): Promise<Sent> | Sent => {
    reads += 1;
    return reads === nth ? mishap : sendFrom(STOCK)(number);
  };
  await shop.fill(STOCK);
  const workers = await InnerWorkers.start({ shop, send, env: { BATCH_SIZE: '6', DOWNLOAD_CONCURRENCY: '4' } });
  const faults: string[] = [];
  try {
    for (nth = first; nth < MOST_READS; nth += every) {
      reads = 0;
      await shop.fill(STOCK);
      const id = await shop.startRun(null);
      await workers.workOn(id);
      faults.push(...(await faultsOf(shop, id)).map((fault) => `read ${nth}: ${fault}`));
      if (reads < nth) return { faults, kills: 0 };
    }
    return { faults: [...faults, `a run takes more than ${MOST_READS} reads`], kills: 0 };
  } finally {
    await workers.close();
  }
}
