/**
 * A worker process for tests that kill it, stop it and take away what it needs. It is the product's own, but for an encoder
 * that needs no model and that tells of each image. It loads, waits for its orders, and ends with whoever started it.
 */
import { appendFileSync } from 'node:fs';
import { loadConfig } from '../../src/config.js';
import { makeLog } from '../../src/log.js';
import type { ClipEncoder } from '../../src/services/clip/image-encoder.js';
import { startWorkerProcess, type WorkerProcess } from '../../src/worker.js';
import type { InnerStage, Order, Report } from '../support/chaos-messages.js';
import { makeDeterministicEncoder } from '../support/deterministic-encoder.js';

type Start = Extract<Order, { kind: 'start' }>;

const goOn = new Map<number, () => void>();
let questions = 0;
let worker: WorkerProcess | null = null;

function tell(report: Report): void {
  process.send?.(report);
}

/** Resolves once it may go on; never where it is killed there. */
function reach(stage: InnerStage): Promise<void> {
  questions += 1;
  const question = questions;
  return new Promise((resolve) => {
    goOn.set(question, resolve);
    tell({ kind: 'reached', stage, question });
  });
}

function makeEncoder(encodedFile: string): ClipEncoder {
  const encoder = makeDeterministicEncoder();
  const encode: ClipEncoder['encode'] = async (pixels, options) => {
    await reach('decoded');
    const vector = await encoder.encode(pixels, options);
    appendFileSync(encodedFile, 'x');
    await reach('embedded');
    return vector;
  };
  return { ...encoder, encode };
}

function shiftClock(byMs: number): void {
  const TrueDate = Date;
  globalThis.Date = class extends TrueDate {
    constructor(...given: [] | [number]) {
      super(given[0] ?? TrueDate.now() + byMs);
    }
    static override now(): number {
      return TrueDate.now() + byMs;
    }
  } as DateConstructor;
}

async function start({ env, encodedFile, clockShiftMs }: Start): Promise<void> {
  if (clockShiftMs !== 0) shiftClock(clockShiftMs);
  const config = loadConfig(env);
  worker = await startWorkerProcess(config, { encoder: makeEncoder(encodedFile), log: makeLog(config.log) });
  tell({ kind: 'ready' });
}

async function close(): Promise<void> {
  await worker?.close();
  worker = null;
  tell({ kind: 'closed' });
}

function obey(order: Order): void {
  const fail = (error: unknown): void => tell({ kind: 'failed', message: String(error) });
  if (order.kind === 'go on') {
    goOn.get(order.question)?.();
    goOn.delete(order.question);
  } else {
    void (order.kind === 'start' ? start(order) : close()).catch(fail);
  }
}

process.on('message', obey);
process.on('disconnect', () => process.exit());
