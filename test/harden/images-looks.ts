import type { Picture } from './images-mutants.js';

/** No picture may take longer than this. */
const DEADLINE_MS = 5000;

/** As many as are decoded at a time. */
const AT_ONCE = 4;

/** What came of many pictures. */
export interface Figures {
  /** How many had which outcome. */
  outcomes: Record<string, number>;
  /** What happened that must not, with the picture's name. */
  faults: string[];
  longest: { name: string; ms: number };
  /** Memory of the process, in MB: before the first picture, and at most. */
  rss: { before: number; peak: number };
}

export interface LookOptions {
  /** An outcome's name. What it throws is a fault. */
  look: (picture: Picture) => Promise<string>;
  atOnce?: number;
}

const rssMb = (): number => Math.round(process.memoryUsage.rss() / 1e6);

/**
 * Has all pictures looked at, and watches memory and time. It stops at the first that misses its deadline: what decodes it can't
 * be stopped.
 */
export async function lookAtAll(
  pictures: Iterable<Picture> | AsyncIterable<Picture>,
  { look, atOnce = AT_ONCE }: LookOptions,
): Promise<Figures> {
  const before = rssMb();
  const figures: Figures = { outcomes: {}, faults: [], longest: { name: '', ms: 0 }, rss: { before, peak: before } };
  const watch = setInterval(() => {
    figures.rss.peak = Math.max(figures.rss.peak, rssMb());
  }, 10);
  const source = Symbol.asyncIterator in pictures ? pictures[Symbol.asyncIterator]() : pictures[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      if (!(await inTime(next.value, look, figures))) await source.return?.();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  clearInterval(watch);
  return figures;
}

/** @returns False where the deadline was missed. */
async function inTime(picture: Picture, look: LookOptions['look'], figures: Figures): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, DEADLINE_MS, null)));
  const startedAt = performance.now();
  const outcome = await Promise.race([late, look(picture).catch((error: unknown) => fault(error))]);
  clearTimeout(timer);
  const ms = Math.round(performance.now() - startedAt);
  if (ms > figures.longest.ms) figures.longest = { name: picture.name, ms };
  if (outcome === null) figures.faults.push(`${picture.name}: not done after ${DEADLINE_MS} ms`);
  else if (typeof outcome === 'string') figures.outcomes[outcome] = (figures.outcomes[outcome] ?? 0) + 1;
  else figures.faults.push(`${picture.name}: ${String(outcome.fault)}`);
  return outcome !== null;
}

const fault = (error: unknown): { fault: unknown } => ({ fault: error });

export function tell(what: string, figures: Figures): void {
  process.stdout.write(`${what}: ${JSON.stringify(figures)}\n`);
}
