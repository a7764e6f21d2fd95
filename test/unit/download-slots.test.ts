import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ask, askAll, givenTo, makeSlots, never, settle } from '../support/asked-slots.js';

describe('places', () => {
  it('are as many as there are in all, and go to the next when one is given back', async () => {
    const slots = makeSlots({ total: 2 });
    const asked = askAll(slots, 'abc');
    await settle();
    expect(givenTo(asked)).toEqual(['a', 'b']);
    asked[1]?.slot?.leaveDownload('fine');
    await settle();
    expect(givenTo(asked)).toEqual(['a', 'b', 'c']);
  });

  it('are as many as a host may have, while others pass', async () => {
    const slots = makeSlots({ perHost: 2 });
    const asked = askAll(slots, 'aaaab');
    await settle();
    expect(givenTo(asked)).toEqual(['a', 'a', 'b']);
  });

  it('in memory are held from the begin of the download until the image is done with', async () => {
    const slots = makeSlots({ total: 1, inFlight: 2 });
    const asked = askAll(slots, 'abc');
    await settle();
    asked[0]?.slot?.leaveDownload('fine');
    await settle();
    asked[1]?.slot?.leaveDownload('fine');
    await settle();
    expect(givenTo(asked)).toEqual(['a', 'b']);
    asked[0]?.slot?.leave();
    await settle();
    expect(givenTo(asked)).toEqual(['a', 'b', 'c']);
  });

  it('among the downloads that are given back twice count once', async () => {
    const slots = makeSlots({ total: 1 });
    const asked = askAll(slots, 'abc');
    await settle();
    for (let time = 0; time < 2; time++) asked[0]?.slot?.leaveDownload('fine');
    asked[0]?.slot?.leave();
    await settle();
    expect(givenTo(asked)).toEqual(['a', 'b']);
  });

  it('in memory that are given back twice count once', async () => {
    const slots = makeSlots({ inFlight: 2 });
    const asked = askAll(slots, 'abcd');
    await settle();
    for (let time = 0; time < 2; time++) asked[0]?.slot?.leave();
    await settle();
    expect(givenTo(asked)).toEqual(['a', 'b', 'c']);
  });

  it('of a host are not given anew when an image that left its download leaves late', async () => {
    const slots = makeSlots({ perHost: 1 });
    const late = await slots.acquire('a', never);
    late.leaveDownload('fine');
    const asked = askAll(slots, 'aaa');
    await settle();
    late.leave();
    asked.push(ask(slots, 'a'));
    await settle();
    expect(givenTo(asked)).toEqual(['a']);
  });
});

describe('turns', () => {
  it('go to the host with the fewest downloads under way, whoever came first', async () => {
    const slots = makeSlots({ total: 3 });
    const asked = askAll(slots, 'aaaab');
    await settle();
    expect(givenTo(asked)).toEqual(['a', 'a', 'a']);
    asked[0]?.slot?.leaveDownload('fine');
    await settle();
    expect(givenTo(asked)).toEqual(['a', 'a', 'a', 'b']);
  });

  it('go round among equals', async () => {
    const slots = makeSlots({ total: 1 });
    const plug = await slots.acquire('plug', never);
    const order: string[] = [];
    const work = Array.from('aaabbbccc', async (host) => {
      const slot = await slots.acquire(host, never);
      order.push(host);
      slot.leave();
    });
    plug.leave();
    await Promise.all(work);
    expect(order.join('')).toBe('abcabcabc');
  });

  it('go within a host to the one that came first', async () => {
    const slots = makeSlots({ total: 1 });
    const order: number[] = [];
    const work = [1, 2, 3, 4].map(async (number) => {
      const slot = await slots.acquire('a', never);
      order.push(number);
      slot.leave();
    });
    await Promise.all(work);
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it('are given up when the signal is aborted, with its reason', async () => {
    const slots = makeSlots({ total: 1 });
    const [first] = askAll(slots, 'a');
    const reason = new Error('The chunk was cancelled.');
    const controller = new AbortController();
    const waiting = Array.from('aab', (host) => slots.acquire(host, controller.signal));
    const rejected = Promise.all(waiting.map((turn) => expect(turn).rejects.toBe(reason)));
    const last = ask(slots, 'a');
    controller.abort(reason);
    await rejected;
    await expect(slots.acquire('b', controller.signal)).rejects.toBe(reason);
    first?.slot?.leave();
    await settle();
    expect(last.slot).not.toBeNull();
  });

  it('leave no listener on a signal that lives on, and warn of no leak', async () => {
    const slots = makeSlots({ total: 1 });
    const { signal } = new AbortController();
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on('warning', listen);
    const work = Array.from({ length: 40 }, async () => {
      await slots.wantsMore(50, signal);
      (await slots.acquire('a', signal)).leave();
    });
    await Promise.all(work);
    await settle();
    process.off('warning', listen);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(warnings).toEqual([]);
  });
});
