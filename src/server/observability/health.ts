import { AppError } from '../../errors.js';

/** One thing that must be so before this process can answer. */
export interface HealthCheck {
  /** As the answer calls it: `catalogue`. */
  name: string;
  /** @throws with a sentence where it is not so. */
  run: () => Promise<void>;
}

/** What became of a check; `message` says what is wrong. */
export type CheckResult = { ok: true } | { ok: false; message: string };

/** Whether this process can answer now, and each check that it hangs on. */
export interface Readiness {
  isReady: boolean;
  checks: Record<string, CheckResult>;
}

/** How long results are everybody's: whoever asks more often costs nothing. */
const SHARED_MS = 1000;

/** Time for a check, past which it counts as failed. It goes on, and is not begun again before it has come to its end. */
const DEADLINE_MS = 2000;

export interface HealthOptions {
  deadlineMs?: number;
  /** Milliseconds, from any start. */
  now?: () => number;
}

/** Knows whether this process can answer. It is not ready before `begin` and never again after `stop`. */
export class Health {
  private checks: RunningCheck[] | null = null;
  private isStopping = false;
  private latest: { result: Promise<Readiness>; atMs: number } | null = null;
  private readonly now: () => number;

  constructor(private readonly options: HealthOptions = {}) {
    this.now = options.now ?? performance.now.bind(performance);
  }

  /** What it takes to be ready, as soon as there is something to look at. */
  begin(checks: readonly HealthCheck[]): void {
    this.checks = checks.map((check) => new RunningCheck(check, this.options.deadlineMs ?? DEADLINE_MS));
    this.latest = null;
  }

  /** From now on it is not ready, so that nobody sends further requests here. To be called as soon as a stop begins. */
  stop(): void {
    this.isStopping = true;
  }

  /** Never rejects, and takes no longer than the deadline of a check. */
  async readiness(): Promise<Readiness> {
    if (this.checks === null) return this.unlessStopping(notReady('This process is starting.'));
    if (this.latest === null || this.now() - this.latest.atMs >= SHARED_MS) {
      this.latest = { result: resultOf(this.checks), atMs: this.now() };
    }
    return this.unlessStopping(await this.latest.result);
  }

  private unlessStopping(readiness: Readiness): Readiness {
    return this.isStopping ? notReady('This process is stopping.') : readiness;
  }
}

function notReady(message: string): Readiness {
  return { isReady: false, checks: { process: { ok: false, message } } };
}

async function resultOf(checks: readonly RunningCheck[]): Promise<Readiness> {
  const results = await Promise.all(checks.map(async (check) => [check.name, await check.result()] as const));
  return { isReady: results.every(([, { ok }]) => ok), checks: Object.fromEntries(results) };
}

/** A check of which at most one run is under way: nothing queues up behind a database that does not answer. */
class RunningCheck {
  private running: Promise<CheckResult> | null = null;

  constructor(
    private readonly check: HealthCheck,
    private readonly deadlineMs: number,
  ) {}

  get name(): string {
    return this.check.name;
  }

  async result(): Promise<CheckResult> {
    this.running ??= this.start();
    return inTime(this.running, this.deadlineMs);
  }

  private async start(): Promise<CheckResult> {
    try {
      await this.check.run();
      return { ok: true };
    } catch (error) {
      return { ok: false, message: messageOf(error) };
    } finally {
      this.running = null;
    }
  }
}

async function inTime(running: Promise<CheckResult>, deadlineMs: number): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => {
      resolve({ ok: false, message: `There was no answer within ${deadlineMs} ms.` });
    }, deadlineMs);
  });
  try {
    return await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Anybody may ask, so that of errors that are not ours nothing is told. */
function messageOf(error: unknown): string {
  return error instanceof AppError ? error.message : 'The check failed in an unexpected way.';
}
