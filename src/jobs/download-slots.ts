import { setMaxListeners } from 'node:events';

export interface DownloadSlotsOptions {
  /** Photographs that are fetched at the same time, in all. */
  total: number;
  /** The same, from one host. */
  perHost: number;
  /** Images between the begin of their download and their vector at the same time: bounds memory. At least `total`. */
  inFlight: number;
}

/**
 * How a download ended, seen from its host: `troubled` when the host timed out, broke off or answered with an error that
 * may pass, `fine` otherwise.
 */
export type DownloadOutcome = 'fine' | 'troubled';

/** An image's place among the downloads and in memory. */
export interface DownloadSlot {
  /** The photograph has arrived, or will not: its place among the downloads is free for the next. Further calls do nothing. */
  leaveDownload(outcome: DownloadOutcome): void;
  /** The image is done with, and its download was fine unless said before: its place in memory is free. Further calls do nothing. */
  leave(): void;
}

type Give<T> = (value: T) => void;

/** Hosts whose reduced limit outlives their images: some hundreds of kilobytes at most, and more than a shop has. */
const REMEMBERED_HOSTS = 1000;

/**
 * Decides which image's photograph is fetched next, so that slow hosts do not starve the others.
 *
 * A free place goes to the host with the fewest downloads under way, of those that have images waiting and are below their
 * limit (max-min fairness); among equals to the one that has waited longest since it was served; within a host first come
 * first served. A host's limit is halved by every troubled download and grows by one with every fine one, as TCP's window
 * does (additive increase, multiplicative decrease, RFC 5681 3.1), from 1 to `perHost`.
 *
 * A host is forgotten once nothing of it waits or is under way. Its limit is kept where it is reduced, or a dead host whose
 * images come one by one would get all its places anew each time; of the latest 1000 such hosts, so that it stays bounded.
 */
export class DownloadSlots {
  private readonly hosts = new Map<string, Host>();
  /** Hosts with images waiting; the one that has waited longest since it was served comes first. */
  private readonly contenders = new Set<Host>();
  private readonly reducedLimits = new Map<string, number>();
  private readonly bringers = new Set<{ count: number; give: Give<undefined> }>();
  private downloads = 0;
  private inFlight = 0;
  /** Waiting images that could begin if there were room: the sum over the hosts. */
  private startable = 0;
  private waiting = 0;

  constructor(private readonly options: DownloadSlotsOptions) {}

  /**
   * Waits its turn; the image counts as waiting from the call on.
   *
   * @param host - of the photograph, as `hostOf` gives it.
   * @throws the signal's reason when it is aborted while waiting, which gives up the place in the queue.
   */
  acquire(host: string, signal: AbortSignal): Promise<DownloadSlot> {
    return waitFor<DownloadSlot>(signal, (give) => {
      const waitingAt = this.hostNamed(host);
      this.change(waitingAt, () => waitingAt.waiting.add(give));
      return () => this.change(waitingAt, () => waitingAt.waiting.delete(give));
    });
  }

  /**
   * Resolves once fewer than `count` waiting images could begin if there were room: the caller should bring more work.
   * Images beyond their host's own limit do not count, so a slow host's images are read past.
   *
   * @throws the signal's reason when it is aborted while waiting.
   */
  wantsMore(count: number, signal: AbortSignal): Promise<void> {
    return waitFor<undefined>(signal, (give) => {
      const bringer = { count, give };
      this.bringers.add(bringer);
      this.callBringers();
      return () => this.bringers.delete(bringer);
    });
  }

  /** Images that have not begun, also those that their host's limit keeps back. */
  get waitingCount(): number {
    return this.waiting;
  }

  private hostNamed(name: string): Host {
    const known = this.hosts.get(name);
    if (known !== undefined) return known;
    const host = new Host(name, this.reducedLimits.get(name) ?? this.options.perHost);
    this.reducedLimits.delete(name);
    this.hosts.set(name, host);
    return host;
  }

  /** Changes what waits or is under way at a host, then gives out what became free by it. */
  private change(host: Host, act: () => void): void {
    this.update(host, act);
    this.giveOut();
  }

  private giveOut(): void {
    for (let next = this.nextHost(); next !== null; next = this.nextHost()) this.serve(next);
    this.callBringers();
  }

  /** Changes a host and keeps what is known about all of them in step. */
  private update(host: Host, act: () => void): void {
    this.startable -= host.startable;
    this.waiting -= host.waiting.size;
    act();
    this.startable += host.startable;
    this.waiting += host.waiting.size;
    // A host that is in the set already keeps its turn.
    if (host.waiting.size > 0) this.contenders.add(host);
    else this.contenders.delete(host);
    if (host.isIdle) this.forget(host);
  }

  /**
   * The host whose turn it is; null where there is none, or no room. Every host that is passed over has a download under
   * way, so the search takes at most as many steps as there are downloads, however many hosts wait.
   */
  private nextHost(): Host | null {
    const { total, inFlight } = this.options;
    if (this.downloads >= total || this.inFlight >= inFlight) return null;
    let next: Host | null = null;
    for (const host of this.contenders) {
      if (host.startable > 0 && host.underWay < (next?.underWay ?? Infinity)) next = host;
      if (host.underWay === 0) break;
    }
    return next;
  }

  private serve(host: Host): void {
    const [give] = host.waiting;
    if (give === undefined) return;
    this.downloads += 1;
    this.inFlight += 1;
    this.contenders.delete(host);
    this.update(host, () => {
      host.waiting.delete(give);
      host.underWay += 1;
    });
    give(this.makeSlot(host));
  }

  private makeSlot(host: Host): DownloadSlot {
    let holds: 'download' | 'memory' | 'nothing' = 'download';
    const leaveDownload = (outcome: DownloadOutcome) => {
      if (holds !== 'download') return;
      holds = 'memory';
      this.downloads -= 1;
      this.change(host, () => host.finish(outcome, this.options.perHost));
    };
    const leave = () => {
      leaveDownload('fine');
      if (holds === 'nothing') return;
      holds = 'nothing';
      this.inFlight -= 1;
      // The host may have been forgotten, and another of its name begun, since the download ended: it is left alone.
      this.giveOut();
    };
    return { leaveDownload, leave };
  }

  private forget(host: Host): void {
    this.hosts.delete(host.name);
    if (host.limit >= this.options.perHost) return;
    this.reducedLimits.set(host.name, host.limit);
    const [oldest] = this.reducedLimits.keys();
    if (oldest !== undefined && this.reducedLimits.size > REMEMBERED_HOSTS) this.reducedLimits.delete(oldest);
  }

  private callBringers(): void {
    for (const bringer of this.bringers) {
      if (this.startable >= bringer.count) continue;
      this.bringers.delete(bringer);
      bringer.give(undefined);
    }
  }
}

/** A host that has images waiting or under way. */
class Host {
  /** Gives each waiting image its place, in the order that they came. */
  readonly waiting = new Set<Give<DownloadSlot>>();
  underWay = 0;

  constructor(
    readonly name: string,
    public limit: number,
  ) {}

  /** Waiting images that the limit lets begin. */
  get startable(): number {
    return Math.min(this.waiting.size, Math.max(0, this.limit - this.underWay));
  }

  get isIdle(): boolean {
    return this.waiting.size === 0 && this.underWay === 0;
  }

  finish(outcome: DownloadOutcome, perHost: number): void {
    this.underWay -= 1;
    this.limit = outcome === 'fine' ? Math.min(this.limit + 1, perHost) : Math.max(Math.floor(this.limit / 2), 1);
  }
}

/**
 * Waits until something is given, or withdraws and rejects with the signal's reason once it is aborted.
 *
 * @param enter - makes known where to give it, and returns what takes that back.
 */
async function waitFor<T>(signal: AbortSignal, enter: (give: Give<T>) => () => void): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = () => {
      withdraw();
      reject(signal.reason as Error);
    };
    // The images of a backfill share one signal, so many listeners on it are no leak for Node to warn of.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', abort, { once: true });
    const withdraw = enter((value) => {
      signal.removeEventListener('abort', abort);
      resolve(value);
    });
  });
}
