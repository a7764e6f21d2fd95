import { describe, expect, it } from 'vitest';
import type { DownloadOutcome, DownloadSlots } from '../../src/jobs/download-slots.js';
import { askAll, givenTo, makeSlots, never, settle } from '../support/asked-slots.js';

/** Begins one download of a host for each outcome, all at once, then ends them in turn. */
async function download(slots: DownloadSlots, host: string, outcomes: readonly DownloadOutcome[]): Promise<void> {
  const begun = await Promise.all(outcomes.map(() => slots.acquire(host, never)));
  for (const [index, outcome] of outcomes.entries()) begun[index]?.leaveDownload(outcome);
}

/** How many of many images begin their download at once. */
async function countBegun(slots: DownloadSlots, host: string): Promise<number> {
  const asked = askAll(slots, host.repeat(20));
  await settle();
  return givenTo(asked).length;
}

describe('the limit of a host', () => {
  const OUTCOMES: Record<string, DownloadOutcome> = { f: 'fine', t: 'troubled' };
  const cases: [string, number][] = [
    ['f', 11],
    ['t', 5],
    ['tt', 2],
    ['ttt', 1],
    ['tttt', 1],
    ['tffff', 9],
    ['tffffffff', 11],
  ];
  const outcomesOf = (letters: string) => Array.from(letters, (letter) => OUTCOMES[letter] ?? 'fine');

  it.each(cases)('is halved by trouble and grows with what is fine: after %s it is %i', async (letters, limit) => {
    const slots = makeSlots({ perHost: 11 });
    await slots.acquire('a', never);
    await download(slots, 'a', outcomesOf(letters));
    expect(await countBegun(slots, 'a')).toBe(limit - 1);
    expect(await countBegun(slots, 'b')).toBe(11);
  });

  it.each(cases)('outlives its images: after %s it is %i', async (letters, limit) => {
    const slots = makeSlots({ perHost: 11 });
    await download(slots, 'a', outcomesOf(letters));
    expect(await countBegun(slots, 'a')).toBe(limit);
  });

  it('is forgotten when 1000 other hosts were in trouble since', async () => {
    const slots = makeSlots({ perHost: 8 });
    for (let host = 0; host <= 1000; host++) await download(slots, String.fromCodePoint(host + 5000), ['troubled']);
    expect(await countBegun(slots, String.fromCodePoint(5000))).toBe(8);
    expect(await countBegun(slots, String.fromCodePoint(5001))).toBe(4);
  });

  it('is kept when 1000 other hosts were fine since', async () => {
    const slots = makeSlots({ perHost: 8 });
    await download(slots, 'a', ['troubled']);
    for (let host = 0; host < 1000; host++) await download(slots, String.fromCodePoint(host + 5000), ['fine']);
    expect(await countBegun(slots, 'a')).toBe(4);
  });

  it('is whole again once it has recovered', async () => {
    const slots = makeSlots({ perHost: 3 });
    await download(slots, 'a', ['troubled']);
    for (let time = 0; time < 2; time++) await download(slots, 'a', ['fine']);
    expect(await countBegun(slots, 'a')).toBe(3);
  });

  it('grows with an image that left without a word', async () => {
    const slots = makeSlots({ perHost: 8 });
    await download(slots, 'a', ['troubled']);
    (await slots.acquire('a', never)).leave();
    expect(await countBegun(slots, 'a')).toBe(5);
  });
});

describe('more work', () => {
  /** Whether more work is wanted by now, and later. */
  function wanting(slots: DownloadSlots, count: number) {
    const state = { isWanted: false };
    void slots.wantsMore(count, never).then(() => (state.isWanted = true));
    return state;
  }

  it('is wanted while fewer images could begin than are asked for', async () => {
    const slots = makeSlots({ total: 1 });
    const [first] = askAll(slots, 'aaa');
    const [wants, wantsNone] = [wanting(slots, 3), wanting(slots, 2)];
    await settle();
    expect([wants.isWanted, wantsNone.isWanted]).toEqual([true, false]);
    first?.slot?.leave();
    await settle();
    expect(wantsNone.isWanted).toBe(true);
  });

  it('is wanted beside a host whose images are beyond its limit', async () => {
    const slots = makeSlots({ total: 2, perHost: 2, inFlight: 2 });
    const asked = askAll(slots, 'aaaaaaab');
    const wants = wanting(slots, 2);
    await settle();
    expect(wants.isWanted).toBe(true);
    // Both of the host's places become free, but there is no room in memory.
    for (const { slot } of asked) slot?.leaveDownload('fine');
    const wantsNone = wanting(slots, 3);
    await settle();
    expect(wantsNone.isWanted).toBe(false);
  });

  it('is wanted when an image gives up', async () => {
    const slots = makeSlots({ total: 1 });
    const asked = askAll(slots, 'abb');
    const wants = wanting(slots, 2);
    await settle();
    expect(wants.isWanted).toBe(false);
    asked[2]?.controller.abort();
    await settle();
    expect(wants.isWanted).toBe(true);
  });

  it('is wanted when a host that gets into trouble may begin less', async () => {
    const slots = makeSlots({ perHost: 4, inFlight: 2 });
    const asked = askAll(slots, 'aaaaaa');
    const wants = wanting(slots, 2);
    await settle();
    expect(wants.isWanted).toBe(false);
    // Of four places two are left, of which one is taken.
    asked[0]?.slot?.leaveDownload('troubled');
    await settle();
    expect(wants.isWanted).toBe(true);
  });

  it('is not waited for when the signal is aborted', async () => {
    const slots = makeSlots({ total: 1 });
    askAll(slots, 'aa');
    const reason = new Error('The chunk was cancelled.');
    const controller = new AbortController();
    const rejected = expect(slots.wantsMore(1, controller.signal)).rejects.toBe(reason);
    controller.abort(reason);
    await rejected;
    await expect(slots.wantsMore(9, controller.signal)).rejects.toBe(reason);
  });
});

describe('the images that wait', () => {
  it('are counted, also those that their host keeps back, until they begin or give up', async () => {
    const slots = makeSlots({ perHost: 2 });
    const asked = askAll(slots, 'aaaab');
    await settle();
    expect(slots.waitingCount).toBe(2);
    asked[3]?.controller.abort();
    await settle();
    expect(slots.waitingCount).toBe(1);
    asked[0]?.slot?.leave();
    await settle();
    expect(slots.waitingCount).toBe(0);
  });
});
