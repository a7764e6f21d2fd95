import { Closers } from '../closers.js';
import { makeLog } from '../log.js';
import { AREAS, type Area } from './areas.js';
import { Installation } from './installation.js';
import { checkCatalogue } from './check-catalogue.js';
import { readConfiguration, type Environment, type ReadConfiguration } from './check-configuration.js';
import { checkDisk } from './check-disk.js';
import { checkExposure } from './check-exposure.js';
import { checkImages } from './check-images.js';
import { checkModel } from './check-model.js';
import { checkPorts } from './check-ports.js';
import { checkVectors } from './check-vectors.js';
import { faultOf, type Finding } from './finding.js';
import { secretsHider } from './secrets.js';
import { withinTime } from './time-limit.js';

/** What was found in one part of an installation. */
export interface Section {
  area: Area;
  findings: Finding[];
}

export interface DiagnosisOptions {
  /** The environment of the process. */
  env: Environment;
  /** Where `.env` is. */
  folder: string;
  /** What to look at; everything by default. */
  areas?: readonly Area[];
  /** Time for one check; 30 seconds by default, and four times as much for the model. */
  timeLimitMs?: number;
}

interface Check {
  area: Area;
  /** What to do where it fails in a way that has no remedy of its own. */
  fix: string;
  run: (signal: AbortSignal) => Promise<Finding[]>;
}

const TIME_LIMIT_MS = 30_000;

/**
 * Looks at everything that an installation hangs on. All checks run at the same time, and none is kept from running by what
 * another one finds. It changes nothing; in the embedded database a check is a guest of the process that has it open.
 *
 * @yields The sections, always in the same order, each as soon as it and those before it are done.
 */
export async function* diagnose(options: DiagnosisOptions): AsyncGenerator<Section> {
  const { env, folder, areas = Object.keys(AREAS), timeLimitMs = TIME_LIMIT_MS } = options;
  const configuration = readConfiguration(env, folder);
  const { config, faulty } = configuration;
  const hide = secretsHider(configuration.env);
  const log = makeLog({ level: 'silent', format: 'json' });
  const closers = new Closers(log);
  const checks = checksOf(configuration, new Installation({ config, faulty, log, closers }));
  const running = checks
    .filter(({ area }) => areas.includes(area))
    .map(async ({ area, fix, run }) => {
      const limitMs = area === 'model' ? 4 * timeLimitMs : timeLimitMs;
      const findings = await withinTime(limitMs, run).catch((error: unknown) => [faultOf(error, fix)]);
      return { area, findings: findings.map((finding) => withoutSecrets(finding, hide)) };
    });
  try {
    for (const section of running) yield await section;
  } finally {
    await withinTime(timeLimitMs, () => closers.closeAll()).catch(() => undefined);
  }
}

function checksOf({ config, findings }: ReadConfiguration, installation: Installation): Check[] {
  return [
    { area: 'configuration', fix: 'See .env.example.', run: async () => findings },
    { area: 'access', fix: 'See docs/access.md.', run: async () => checkExposure(config) },
    {
      area: 'catalogue',
      fix: 'Check DATABASE_URL and the server it leads to.',
      run: () => checkCatalogue(installation),
    },
    {
      area: 'vectors',
      fix: 'Check VECTOR_DATABASE_URL and the server it leads to.',
      run: () => checkVectors(installation),
    },
    {
      area: 'images',
      fix: 'Check the way from this machine to the image hosts.',
      run: () => checkImages(installation),
    },
    {
      area: 'model',
      fix: 'Check CLIP_MODEL and the files of the model.',
      run: (signal) => checkModel(installation, signal),
    },
    { area: 'disk', fix: 'Check DATA_DIR and CLIP_CACHE_DIR.', run: () => checkDisk(config) },
    { area: 'ports', fix: 'Check HOST and PORT.', run: () => checkPorts(config) },
  ];
}

function withoutSecrets({ status, what, fix }: Finding, hide: (text: string) => string): Finding {
  return { status, what: hide(what), fix: fix === null ? null : hide(fix) };
}
