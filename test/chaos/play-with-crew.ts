import { Crew } from '../support/chaos-crew.js';
import type { Ground } from '../support/chaos-ground.js';
import { ownPhotograph, type Sent } from '../support/chaos-image-host.js';
import type { SeatOptions } from '../support/chaos-seat.js';
import type { Stock } from '../support/chaos-shop.js';
import type { Played } from './scenario.js';

/** What a worker has that nothing else is said of. */
const ENV = { BATCH_SIZE: '5', DOWNLOAD_CONCURRENCY: '4', DOWNLOAD_CONCURRENCY_PER_HOST: '4' };

/** Each number's own photograph, but of those that are broken. */
export function sendFrom(stock: Stock): (number: number) => Promise<Sent> | Sent {
  return (number) => (stock.broken.includes(number) ? 'gone' : ownPhotograph(number));
}

/**
 * Fills the shop, lets worker processes have their time, and ends them.
 *
 * @param act - returns what is wrong. That a worker ended by itself is wrong in any case.
 */
export async function playWithCrew(
  ground: Ground,
  { stock, ...options }: Partial<SeatOptions> & { stock: Stock },
  act: (crew: Crew) => Promise<string[]>,
): Promise<Played> {
  await ground.shop.fill(stock);
  const crew = new Crew({ ...ground, send: sendFrom(stock), ...options, env: { ...ENV, ...options.env } });
  try {
    const faults = await act(crew);
    return { faults: [...faults, ...crew.faults()], kills: crew.killed.size };
  } finally {
    await crew.leave();
  }
}
