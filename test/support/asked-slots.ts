import { DownloadSlots, type DownloadSlot, type DownloadSlotsOptions } from '../../src/jobs/download-slots.js';

/** An image that has asked for its slot. */
export interface Asked {
  host: string;
  slot: DownloadSlot | null;
  controller: AbortController;
}

/** Lets everything that is settled by now be told. */
export const settle = () => new Promise(setImmediate);

/** Is never aborted. */
export const never = new AbortController().signal;

/** Asks for the slot of an image. */
export function ask(slots: DownloadSlots, host: string): Asked {
  const asked: Asked = { host, slot: null, controller: new AbortController() };
  void slots.acquire(host, asked.controller.signal).then(
    (slot) => (asked.slot = slot),
    () => undefined,
  );
  return asked;
}

/** Asks for one image of each host, in their order; a string is a host for each letter. */
export const askAll = (slots: DownloadSlots, hosts: Iterable<string>) => Array.from(hosts, (host) => ask(slots, host));

/** The hosts of those that have got their slot. */
export const givenTo = (asked: readonly Asked[]) => asked.filter(({ slot }) => slot !== null).map(({ host }) => host);

/** Slots that are plenty, except as given. */
export function makeSlots(options: Partial<DownloadSlotsOptions> = {}): DownloadSlots {
  return new DownloadSlots({ total: 100, perHost: 100, inFlight: 10_000, ...options });
}
