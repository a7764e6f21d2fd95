import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from './quantile.js';

/** What came of one request: an answer, a refusal that says when to come again, or anything else, which nobody should get. */
export type Outcome =
  { kind: 'served' } | { kind: 'refused'; code: string; retryAfterMs: number } | { kind: 'failed'; why: string };

export type Ask = () => Promise<Outcome>;

/** An outcome, and when it came. */
export type Timed = Outcome & { ms: number; endedAtMs: number };

/** How often requests that are due are sent. */
const TICK_MS = 5;

/**
 * Asks in so many lanes, in each the next request when the last is answered: what the server can do at most.
 *
 * @param ms - how long further requests are begun.
 */
export async function keepAsking(ask: Ask, { lanes, ms }: { lanes: number; ms: number }): Promise<Timed[]> {
  const results: Timed[] = [];
  const startedAt = performance.now();
  const lane = async (): Promise<void> => {
    while (performance.now() - startedAt < ms) results.push(await timed(ask, startedAt));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

/** Sends so many requests a second, evenly, however many are not answered yet: as strangers do, who know nothing of one another. */
export async function offer(ask: Ask, { perSecond, ms }: { perSecond: number; ms: number }): Promise<Timed[]> {
  const results: Promise<Timed>[] = [];
  const startedAt = performance.now();
  const total = Math.round((perSecond * ms) / 1000);
  while (results.length < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - startedAt) / 1000) * perSecond));
    while (results.length < due) results.push(timed(ask, startedAt));
    await pause(TICK_MS);
  }
  return Promise.all(results);
}

async function timed(ask: Ask, startedAt: number): Promise<Timed> {
  const sentAt = performance.now();
  const outcome = await ask();
  const endedAt = performance.now();
  return { ...outcome, ms: endedAt - sentAt, endedAtMs: endedAt - startedAt };
}

/** Answers a second that came within the time. */
export function servedPerSecond(results: readonly Timed[], ms: number): number {
  return results.filter(({ kind, endedAtMs }) => kind === 'served' && endedAtMs <= ms).length / (ms / 1000);
}

/** What failed, by why: empty where everything was answered or refused. */
export function failures(results: readonly Timed[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of results) {
    if (result.kind === 'failed') counts[result.why] = (counts[result.why] ?? 0) + 1;
  }
  return counts;
}

/** How a server did when more was asked for than it can do. */
export interface Overload {
  /** What it can do: the median of all rounds. */
  ablePerSecond: number;
  offeredPerSecond: number;
  /** Of each round, least first: what was served under overload, as a share of what was served when asked in lanes. */
  ratios: number[];
  /** Everything that was offered, but for the first moments. */
  results: Timed[];
}

const LANES = 32;

/** How many times as much as it can do is asked of a server. */
const OVERLOAD = 3;

/**
 * Asks in lanes and then for three times as much as was served so, round by round, so that whatever else the machine does meets both.
 *
 * @param ms - how long each of the two takes.
 */
export async function measureOverload(ask: Ask, { rounds, ms }: { rounds: number; ms: number }): Promise<Overload> {
  const able: number[] = [];
  const ratios: number[] = [];
  const results: Timed[] = [];
  // The model is loaded, and connections are open.
  const warmUp = await keepAsking(ask, { lanes: LANES, ms });
  await offer(ask, { perSecond: OVERLOAD * servedPerSecond(warmUp, ms), ms });
  for (let round = 0; round < rounds; round += 1) {
    const perSecond = servedPerSecond(await keepAsking(ask, { lanes: LANES, ms }), ms);
    const offered = await offer(ask, { perSecond: OVERLOAD * perSecond, ms });
    able.push(perSecond);
    ratios.push(servedPerSecond(offered, ms) / perSecond);
    results.push(...offered);
  }
  const ascending = (numbers: number[]): number[] => numbers.toSorted((one, other) => one - other);
  const ablePerSecond = quantile(ascending(able), 0.5);
  return { ablePerSecond, offeredPerSecond: OVERLOAD * ablePerSecond, ratios: ascending(ratios), results };
}
