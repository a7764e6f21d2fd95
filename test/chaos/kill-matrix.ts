import { Crew } from '../support/chaos-crew.js';
import { faultsOf } from '../support/chaos-faults.js';
import { Random } from '../support/chaos-random.js';
import { TWO_MOMENTS, type Moment, type Seat, type Stage } from '../support/chaos-seat.js';
import { numbersTo, type Stock } from '../support/chaos-shop.js';
import type { Ground } from '../support/chaos-ground.js';
import { sendFrom } from './play-with-crew.js';
import type { Played, Scenario } from './scenario.js';

export const STAGES: readonly Stage[] = [
  'claimed',
  'connecting',
  'mid-body',
  'downloaded',
  'decoded',
  'embedded',
  'in the transaction',
  'after commit',
  'enqueueing',
  'sweeping',
];

export interface KillCase {
  stage: Stage;
  workers: number;
  seed: number;
}

/** What the seed has chosen. */
interface KillPlan {
  stock: Stock;
  batchSize: number;
  concurrency: number;
  /** Images a chunk where the run is cut beforehand, so that all workers find chunks at once; null leaves it to a worker. */
  chunkSize: number | null;
  moment: Moment;
  /** The occurrence of the stage that is the end of a worker: the first one, counted from the begin, the next from there. */
  nth: number[];
  /** Whether leases that have run out are found at once, and not only by the workers' own look. */
  requeuesAtOnce: boolean;
}

/** A worker is killed at a stage, and perhaps another one after it; the others go on, or a new one does. */
export function killScenario(given: KillCase): Scenario {
  const name = `kill at ${given.stage}, ${given.workers} worker(s), seed ${given.seed}`;
  return { name, play: (ground) => new KilledRun(ground, given).play() };
}

function planOf({ stage, workers, seed }: KillCase): KillPlan {
  const random = new Random(seed, stage, workers);
  const images = numbersTo(random.between(20, 60));
  const special = random.some(images, random.between(0, 9));
  const broken = special.slice(0, random.between(0, special.length));
  const stock = { images, broken, already: special.slice(broken.length), gone: [71, 72, 73] };
  const batchSize = random.between(3, 8);
  const concurrency = random.between(3, 8);
  const chunkSize = workers > 1 || random.chance(0.5) ? random.between(3, 9) : null;
  const toEmbed = images.length - special.length;
  const most = mostOf(stage, { toEmbed, batchSize, isPlanned: chunkSize !== null });
  return {
    stock,
    batchSize,
    concurrency,
    chunkSize,
    moment: random.pick(['before', 'after']),
    nth: [random.between(1, most), ...(random.chance(0.7) ? [random.between(1, 2)] : [])],
    requeuesAtOnce: random.chance(0.8),
  };
}

/** How often a run comes to a stage at least. */
function mostOf(stage: Stage, run: { toEmbed: number; batchSize: number; isPlanned: boolean }): number {
  switch (stage) {
    case 'claimed':
      return 3;
    case 'connecting':
      return 3;
    case 'in the transaction':
    case 'after commit':
      return Math.ceil(run.toEmbed / run.batchSize);
    case 'enqueueing':
      return run.isPlanned ? 1 : 5;
    case 'sweeping':
      return 1;
    case 'mid-body':
    case 'downloaded':
    case 'decoded':
    case 'embedded':
      return run.toEmbed;
  }
}

class KilledRun {
  private readonly plan: KillPlan;
  private readonly crew: Crew;
  private readonly nth: number[];
  private count = 0;

  constructor(
    private readonly ground: Ground,
    private readonly given: KillCase,
  ) {
    this.plan = planOf(given);
    this.nth = [...this.plan.nth];
    const { batchSize, concurrency, stock, requeuesAtOnce } = this.plan;
    this.crew = new Crew({
      ...ground,
      send: sendFrom(stock),
      reached: (seat, stage, moment) => this.reached(seat, stage, moment),
      env: {
        BATCH_SIZE: String(batchSize),
        DOWNLOAD_CONCURRENCY: String(concurrency),
        DOWNLOAD_CONCURRENCY_PER_HOST: String(concurrency),
      },
    });
    this.crew.findsLapsedAtOnce = requeuesAtOnce;
  }

  async play(): Promise<Played> {
    const { shop } = this.ground;
    await shop.fill(this.plan.stock);
    const id = await shop.startRun(this.plan.chunkSize);
    try {
      await this.crew.addTogether(numbersTo(this.given.workers).map(() => ({})));
      await this.crew.seeThrough(id);
      return { faults: await this.faults(id), kills: this.crew.killed.size };
    } finally {
      await this.crew.leave();
    }
  }

  private async reached(seat: Seat, stage: Stage, moment: Moment): Promise<'pass' | 'drop'> {
    const isIt = stage === this.given.stage && (!TWO_MOMENTS.has(stage) || moment === this.plan.moment);
    if (isIt) this.count += 1;
    if (!isIt || this.count !== this.nth[0]) return 'pass';
    this.nth.shift();
    this.count = 0;
    await this.crew.kill(seat);
    return 'drop';
  }

  private async faults(id: string): Promise<string[]> {
    const { shop } = this.ground;
    const kills = this.crew.killed.size;
    const inVain = shop.encodedCount() - (await shop.run(id)).counts.embedded;
    const bound = this.plan.batchSize * kills;
    return [
      ...(await faultsOf(shop, id)),
      ...this.crew.faults(),
      ...(kills === 0 ? [`the stage was not reached ${this.plan.nth[0]} times`] : []),
      ...(inVain > bound ? [`${inVain} images were embedded in vain, and ${bound} may be`] : []),
      ...(inVain < 0 ? [`${-inVain} more images are counted than were embedded`] : []),
    ];
  }
}
