import type { Picture } from './images-mutants.js';

/**
 * No picture may take more of the processors' time than this, which on a machine with nothing else to do is as long on the clock; where
 * others have the processors, the clock says nothing.
 */
const DEADLINE_MS = 5000;

/** What does not so much as use a processor is waited for so long. */
const CLOCK_DEADLINE_MS = 60_000;

/** As many as are decoded at a time. */
const AT_ONCE = 4;

/** What came of many pictures. */
export interface Figures {
  /** How many had which outcome. */
  outcomes: Record<string, number>;
  /** What happened that must not, with the picture's name. */
  faults: string[];
  longest: { name: string; ms: number; cpuMs: number };
  /** Memory of the process, in MB: before the first picture, and at most while one was looked at. */
  rss: { before: number; peak: number; name: string };
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
  const figures: Figures = {
    outcomes: {},
    faults: [],
    longest: { name: '', ms: 0, cpuMs: 0 },
    rss: { before, peak: before, name: '' },
  };
  const source = Symbol.asyncIterator in pictures ? pictures[Symbol.asyncIterator]() : pictures[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      if (!(await inTime(next.value, look, figures))) await source.return?.();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return figures;
}

/** @returns False where the deadline was missed. */
async function inTime(picture: Picture, look: LookOptions['look'], figures: Figures): Promise<boolean> {
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  const spent = (): { ms: number; cpuMs: number } => {
    const { user, system } = process.cpuUsage(cpu);
    return { ms: Math.round(performance.now() - startedAt), cpuMs: Math.round((user + system) / 1000) };
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setInterval(() => {
      noteMemory(picture, figures);
      const { ms, cpuMs } = spent();
      if (cpuMs > DEADLINE_MS || ms > CLOCK_DEADLINE_MS) resolve(null);
    }, 10);
  });
  const outcome = await Promise.race([late, look(picture).catch((error: unknown) => fault(error))]);
  clearInterval(timer);
  const { ms, cpuMs } = spent();
  if (ms > figures.longest.ms) figures.longest = { name: picture.name, ms, cpuMs };
  if (outcome === null)
    figures.faults.push(`${picture.name}: not done after ${ms} ms, of which ${cpuMs} ms on a processor`);
  else if (typeof outcome === 'string') figures.outcomes[outcome] = (figures.outcomes[outcome] ?? 0) + 1;
  else figures.faults.push(`${picture.name}: ${String(outcome.fault)}`);
  return outcome !== null;
}

function noteMemory({ name }: Picture, { rss }: Figures): void {
  const now = rssMb();
  if (now > rss.peak) Object.assign(rss, { peak: now, name });
}

const fault = (error: unknown): { fault: unknown } => ({ fault: error });

export function tell(what: string, figures: Figures): void {
  process.stdout.write(`${what}: ${JSON.stringify(figures)}\n`);
}
