import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DownloadOutcome, DownloadSlots, DownloadSlotsOptions } from '../../src/jobs/download-slots.js';
import { ask, askAll, givenTo, makeSlots, never, settle, type Asked } from '../support/asked-slots.js';

type Step = { do: 'ask'; host: string } | { do: 'arrive' | 'fail' | 'leave' | 'give up'; which: number };

/** What waits and what is held, as far as it can be seen from outside, and the limits by their rule. */
class Ledger {
  readonly waiting: Asked[] = [];
  readonly downloading: Asked[] = [];
  readonly decoded: Asked[] = [];
  private readonly limits = new Map<string, number>();

  constructor(
    private readonly slots: DownloadSlots,
    private readonly options: DownloadSlotsOptions,
  ) {}

  /** Does a step and returns the hosts that were given a place by it. */
  async take(step: Step): Promise<string[]> {
    if (step.do === 'ask') this.waiting.push(ask(this.slots, step.host));
    else if (step.do === 'give up') pick(this.waiting, step.which)?.controller.abort();
    else if (step.do === 'leave') pick(this.decoded, step.which)?.slot?.leave();
    else this.endDownload(pick(this.downloading, step.which), step.do === 'fail' ? 'troubled' : 'fine');
    await settle();
    const given = this.waiting.filter(({ slot }) => slot !== null);
    for (const asked of given) this.waiting.splice(this.waiting.indexOf(asked), 1);
    this.downloading.push(...given);
    return given.map(({ host }) => host);
  }

  underWay(host: string): number {
    return this.downloading.filter((asked) => asked.host === host).length;
  }

  limit(host: string): number {
    return this.limits.get(host) ?? this.options.perHost;
  }

  /** Hosts that could begin another image if there were room. */
  contenders(): string[] {
    const hosts = this.waiting.map(({ host }) => host);
    return hosts.filter((host) => this.underWay(host) < this.limit(host));
  }

  hasRoom(): boolean {
    const { total, inFlight } = this.options;
    return this.downloading.length < total && this.downloading.length + this.decoded.length < inFlight;
  }

  private endDownload(asked: Asked | undefined, outcome: DownloadOutcome): void {
    if (asked === undefined) return;
    const limit = this.limit(asked.host);
    const next = outcome === 'fine' ? Math.min(limit + 1, this.options.perHost) : Math.max(Math.floor(limit / 2), 1);
    this.limits.set(asked.host, next);
    this.decoded.push(asked);
    asked.slot?.leaveDownload(outcome);
  }
}

/** Takes one out of a list. */
function pick<T>(list: T[], which: number): T | undefined {
  return list.splice(which % Math.max(list.length, 1), 1)[0];
}

describe('whatever happens', () => {
  const options = fc
    .record({ total: fc.integer({ min: 1, max: 6 }), perHost: fc.integer({ min: 1, max: 5 }), more: fc.nat(4) })
    .map(({ total, perHost, more }) => ({ total, perHost, inFlight: total + more }));
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('ask' as const), host: fc.constantFrom('a', 'b', 'c', 'd') }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom('arrive' as const, 'fail' as const, 'leave' as const, 'give up' as const),
        which: fc.nat(9),
      }),
    },
  );
  const steps = fc.array(step, { maxLength: 80 });

  it('no bound is passed, no place stays empty, the poorest host is served, and nobody is forgotten', async () => {
    await fc.assert(
      fc.asyncProperty(options, steps, async (bounds, taken) => {
        const ledger = new Ledger(makeSlots(bounds), bounds);
        for (const each of taken) expectFair(await ledger.take(each), ledger, bounds);
        while (ledger.downloading.length + ledger.decoded.length > 0) {
          await ledger.take({ do: 'arrive', which: 0 });
          await ledger.take({ do: 'leave', which: 0 });
        }
        expect(ledger.waiting).toEqual([]);
      }),
    );
  });

  function expectFair(given: readonly string[], ledger: Ledger, bounds: DownloadSlotsOptions): void {
    const contenders = ledger.contenders();
    expect(ledger.downloading.length).toBeLessThanOrEqual(bounds.total);
    expect(ledger.downloading.length + ledger.decoded.length).toBeLessThanOrEqual(bounds.inFlight);
    if (ledger.hasRoom()) expect(contenders).toEqual([]);
    for (const host of given) {
      expect(ledger.underWay(host)).toBeLessThanOrEqual(ledger.limit(host));
      for (const other of contenders) expect(ledger.underWay(host) - 1).toBeLessThanOrEqual(ledger.underWay(other));
    }
  }
});

describe('hosts that never answer', () => {
  const isHeld = (host: string) => host.startsWith('held');
  const countHeld = (hosts: number) => Math.ceil(hosts / 5);

  /** A fifth of the hosts never answer; `order` has each host as often as it has images. */
  const fleet = fc
    .record({
      hosts: fc.integer({ min: 5, max: 20 }),
      images: fc.integer({ min: 1, max: 8 }),
      perHost: fc.integer({ min: 1, max: 8 }),
      spare: fc.integer({ min: 1, max: 12 }),
    })
    .chain((given) => {
      const names = Array.from({ length: given.hosts }, (_, index) => `${index % 5 === 0 ? 'held' : 'good'} ${index}`);
      const all = names.flatMap((name) => Array.from({ length: given.images }, () => name));
      return fc.shuffledSubarray(all, { minLength: all.length }).map((order) => ({ ...given, order }));
    });

  /** The most places that one host has. */
  function mostPlaces(hosts: readonly string[]): number {
    const places = new Map<string, number>();
    for (const host of hosts) places.set(host, (places.get(host) ?? 0) + 1);
    return Math.max(0, ...places.values());
  }

  /** Lets the images of the good hosts leave as they come, until none of them has a place, and returns those left over. */
  async function serveGood(asked: readonly Asked[], atEachStep: (waiting: readonly Asked[]) => void): Promise<Asked[]> {
    const left = asked.filter(({ host }) => !isHeld(host));
    for (;;) {
      await settle();
      atEachStep(asked.filter(({ slot }) => slot === null));
      const next = left.findIndex(({ slot }) => slot !== null);
      if (next === -1) return left;
      left.splice(next, 1)[0]?.slot?.leave();
    }
  }

  it('hold no more than their share of the places while others wait, all of which are served', async () => {
    await fc.assert(
      fc.asyncProperty(fleet, async ({ hosts, perHost, spare, order }) => {
        const total = hosts + spare;
        const slots = makeSlots({ total, perHost });
        // Everybody waits before the first place is free, so that the rule alone decides who gets it.
        const plugs = await Promise.all(
          Array.from({ length: total }, (_, plug) => slots.acquire(`plug ${plug}`, never)),
        );
        const asked = askAll(slots, order);
        for (const plug of plugs) plug.leave();
        const left = await serveGood(asked, (waiting) => {
          const share = Math.ceil(total / new Set(waiting.map(({ host }) => host)).size);
          if (waiting.every(({ host }) => isHeld(host))) return;
          expect(mostPlaces(givenTo(asked).filter(isHeld))).toBeLessThanOrEqual(share);
        });
        expect(left).toEqual([]);
      }),
    );
  });

  it('do not keep the others from being served, though they came first', async () => {
    await fc.assert(
      fc.asyncProperty(fleet, async ({ hosts, perHost, spare, order }) => {
        const slots = makeSlots({ total: countHeld(hosts) * perHost + spare, perHost });
        const asked = askAll(slots, [...order].sort().reverse());
        expect(await serveGood(asked, () => undefined)).toEqual([]);
      }),
    );
  });
});
