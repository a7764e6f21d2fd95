import { faultsOf } from '../support/chaos-faults.js';
import { Gate } from '../support/chaos-gate.js';
import { startChaosImageHost } from '../support/chaos-image-host.js';
import { ownUrl, stockOf } from '../support/chaos-shop.js';
import { playWithCrew, sendFrom } from './play-with-crew.js';
import type { Scenario } from './scenario.js';

const HOSTS = 5;

const BATCH_SIZE = 5;

/** One of five hosts answers nothing until all the others' photographs are embedded, and stored but for a part of a batch. */
export const slowHosts: Scenario = {
  name: 'a fifth of the hosts keep everybody waiting',
  play: async (ground) => {
    const plain = stockOf(60);
    const gate = new Gate();
    const isSlow = (number: number): boolean => number % HOSTS === 0;
    const send = async (number: number) => {
      if (isSlow(number)) await gate.opened;
      return sendFrom(plain)(number);
    };
    const hosts = await Promise.all(Array.from({ length: HOSTS }, () => startChaosImageHost({ send })));
    const stock = {
      ...plain,
      already: [],
      urlOf: (number: number) => `${hosts[number % HOSTS]?.url}${ownUrl(number)}`,
    };
    const env = {
      IMAGE_ALLOWED_PRIVATE_HOSTS: hosts.map(({ host }) => host).join(','),
      IMAGE_TIMEOUT_MS: '120000',
      BATCH_SIZE: String(BATCH_SIZE),
      DOWNLOAD_CONCURRENCY: '8',
      DOWNLOAD_CONCURRENCY_PER_HOST: '4',
    };
    const played = await playWithCrew(ground, { stock, env }, async (crew) => {
      const { shop } = ground;
      const quick = stock.images.filter((number) => !isSlow(number)).length;
      const id = await shop.startRun(20);
      await crew.add();
      await crew.named('the quick hosts are done', async () => {
        const { counts } = await shop.run(id);
        return shop.encodedCount() === quick && counts.embedded > quick - BATCH_SIZE;
      });
      const waiting = hosts[0]?.requestCount() ?? 0;
      gate.open();
      await crew.seeThrough(id);
      return [...(await faultsOf(shop, id)), ...(waiting > 0 ? [] : ['nobody waited for the slow host'])];
    });
    await Promise.all(hosts.map((host) => host.close()));
    return played;
  },
};
