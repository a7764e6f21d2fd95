import type { ServerResponse } from 'node:http';
import type { CatalogFixture } from './catalog-fixture.js';
import { photograph, startImageHost, status, type Answer, type ImageHost } from './image-host.js';
import { testPhotograph } from './test-photographs.js';

/** A host whose photographs a test lets out one by one, or all at once. */
export interface HeldPhotographs {
  host: ImageHost;
  /** A shop whose main images are the photographs: products 1, 2, 3, ... */
  catalog: CatalogFixture;
  /** Lets so many more out, in the order in which they are asked for. */
  release(count: number): void;
  releaseAll(): void;
  /** Lets no more out. */
  holdAll(): void;
  /** From now on those that were broken are as good as the others. */
  mend(): void;
  close: () => Promise<void>;
}

/**
 * Starts a host of photographs, all of them held back at first.
 *
 * @param broken - what those with these numbers answer instead, at once: `{ 3: status(404) }`.
 */
export async function startHeldPhotographs(
  count: number,
  broken: Readonly<Record<number, Answer>> = {},
): Promise<HeldPhotographs> {
  const host = await startImageHost();
  const gate = new Gate();
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const held = await Promise.all(
    numbers.map(async (number): Promise<[number, Answer]> => {
      const answer = photograph(await testPhotograph(number));
      return [number, (request, response) => gate.hold(response, () => answer(request, response))];
    }),
  );
  for (const [number, answer] of held) host.on(`/${number}.jpg`, broken[number] ?? answer);
  return {
    host,
    catalog: {
      keyType: 'integer',
      products: numbers.map((number) => ({ id: String(number), title: `Product ${number}` })),
      images: numbers.map((number) => {
        const id = String(number);
        return { id, productId: id, url: `${host.origin}/${id}.jpg`, isMain: true };
      }),
    },
    release: (further) => gate.release(further),
    releaseAll: () => gate.release(Infinity),
    holdAll: () => gate.close(),
    mend: () => held.forEach(([number, answer]) => host.on(`/${number}.jpg`, answer)),
    close: host.close,
  };
}

/** A photograph that nothing can be made of. */
export async function corruptPhotograph(): Promise<Answer> {
  return photograph((await testPhotograph(1)).subarray(0, 400));
}

/** What its host does not have. */
export const missingPhotograph: Answer = status(404);

class Gate {
  private waiting: { response: ServerResponse; send: () => void }[] = [];
  private left = 0;

  hold(response: ServerResponse, send: () => void): void {
    this.waiting.push({ response, send });
    this.open();
  }

  release(count: number): void {
    this.left += count;
    this.open();
  }

  close(): void {
    this.left = 0;
  }

  private open(): void {
    // Whoever has hung up meanwhile takes none.
    this.waiting = this.waiting.filter(({ response }) => !response.destroyed);
    for (const { send } of this.waiting.splice(0, this.left)) {
      this.left -= 1;
      send();
    }
  }
}
