import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InnerStage, Order, Report } from './chaos-messages.js';

/** Lines of its log that are kept, to tell what went before a failure. */
const KEPT_LINES = 60;

/** A worker on a machine however busy is ready, and closed, long before. */
const PATIENCE_MS = 60_000;

/** A process that runs the program of `chaos-worker.ts`. */
export class ChaosWorkerProcess {
  /** Called where the process waits in one of its own stages; it goes on once this resolves. */
  onReached: (stage: InnerStage) => Promise<void> = () => Promise.resolve();
  readonly ended: Promise<void>;
  isFrozen = false;
  readonly #child: ChildProcess;
  readonly #log: string[] = [];
  #listen: (report: Report) => void = () => undefined;

  /** Begins to load it. */
  constructor(program: string) {
    this.#child = spawn(process.execPath, [program], {
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
    });
    this.#child.on('message', (report: Report) => this.#hear(report));
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#log.push(...chunk.toString().trimEnd().split('\n'));
      this.#log.splice(0, this.#log.length - KEPT_LINES);
    });
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The last lines of its log. */
  get log(): readonly string[] {
    return this.#log;
  }

  /** Starts the worker. @returns once it is ready, or has ended. */
  async start(order: Omit<Extract<Order, { kind: 'start' }>, 'kind'>): Promise<void> {
    this.#order({ kind: 'start', ...order });
    await this.#said('ready');
  }

  /** Stops the worker in order; the process is there for another start. @throws Error where it ends instead. */
  async close(): Promise<void> {
    this.#order({ kind: 'close' });
    await this.#said('closed');
    if (!this.isAlive) throw new Error('The process ended while its worker was closed.');
  }

  /** @returns once it is gone. */
  async kill(): Promise<void> {
    if (this.isAlive) this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** Stops it where it is, as a machine does that goes to sleep. */
  freeze(): void {
    this.isFrozen = true;
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
    this.isFrozen = false;
  }

  #order(order: Order): void {
    // It may be gone by now.
    if (this.#child.connected) this.#child.send(order, () => undefined);
  }

  #hear(report: Report): void {
    if (report.kind === 'reached') void this.#letGoOn(report);
    else this.#listen(report);
  }

  async #letGoOn({ stage, question }: Extract<Report, { kind: 'reached' }>): Promise<void> {
    await this.onReached(stage);
    this.#order({ kind: 'go on', question });
  }

  /** Resolves when it has said so, or has ended. @throws Error where it says that it failed, or nothing at all. */
  async #said(kind: Report['kind']): Promise<void> {
    const said = new Promise<void>((resolve, reject) => {
      this.#listen = (report) => {
        if (report.kind === kind) resolve();
        if (report.kind === 'failed') reject(new Error(`A worker failed: ${report.message}`));
      };
    });
    const patience = new AbortController();
    const silence = sleep(PATIENCE_MS, undefined, { signal: patience.signal, ref: false }).then(
      () => Promise.reject(new Error(`Waited in vain for a worker to be ${kind}.\n${this.#log.join('\n')}`)),
      () => undefined,
    );
    await Promise.race([said, this.ended, silence]).finally(() => patience.abort());
  }
}

/** Processes that are loaded before they are needed, for that takes half a second. */
export class ChaosWorkerPool {
  readonly #program: string;
  readonly #all = new Set<ChaosWorkerProcess>();
  readonly #idle: ChaosWorkerProcess[] = [];

  /** @param spare - how many to have at hand. */
  constructor(program: string, spare: number) {
    this.#program = program;
    this.#spare = spare;
    while (this.#idle.length < spare) this.#idle.push(this.#make());
    process.once('exit', () => {
      for (const one of this.#all) void one.kill();
    });
  }

  readonly #spare: number;

  take(): ChaosWorkerProcess {
    const taken = this.#idle.shift() ?? this.#make();
    if (this.#idle.length < this.#spare) this.#idle.push(this.#make());
    return taken;
  }

  /** Takes one back whose worker is closed. */
  putBack(one: ChaosWorkerProcess): void {
    one.onReached = () => Promise.resolve();
    this.#idle.unshift(one);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((one) => one.kill()));
  }

  #make(): ChaosWorkerProcess {
    const made = new ChaosWorkerProcess(this.#program);
    this.#all.add(made);
    void made.ended.then(() => this.#all.delete(made));
    return made;
  }
}
