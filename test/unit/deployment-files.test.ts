import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configVariables, loadConfig } from '../../src/config.js';
import { projectRoot } from '../../src/paths.js';

const read = (name: string): string => readFileSync(join(projectRoot, name), 'utf8');

const dockerfile = read('Dockerfile');
const compose = read('compose.yaml');

/** The settings that all of the project's containers share, with what stands for those that an operator has to give. */
function sharedSettings(): Record<string, string> {
  const [, block = ''] = /^x-lookalike:[\s\S]*?\n {2}environment:\n([\s\S]*?)\n {2}\w/m.exec(compose) ?? [];
  const given: Record<string, string> = {
    DATABASE_URL: 'postgresql://reader@db/shop',
    POSTGRES_PASSWORD: 'secret',
    ADMIN_TOKEN: 'qvD0cM3yG1mUXo0QxFQ1lZ0mJmJ3cSgT',
  };
  const lines = [...block.matchAll(/^ {4}([A-Z_]+): (.*)$/gm)];
  return Object.fromEntries(
    lines.map(([, name = '', value = '']) => [
      name,
      value
        .replace(/^'(.*)'$/, '$1')
        .replace(/\$\{(\w+):\?[^}]*\}/g, (_, variable: string) => given[variable] ?? '?')
        .replace(/\$\{\w+:-([^}]*)\}/g, '$1'),
    ]),
  );
}

/** The settings of the image. */
function imageSettings(): Record<string, string> {
  const [, block = ''] = /^ENV ((?:.*\\\n)*.*)$/m.exec(dockerfile) ?? [];
  return Object.fromEntries([...block.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]));
}

const withoutNodeEnv = (names: string[]): string[] => names.filter((name) => name !== 'NODE_ENV');

describe('the image', () => {
  it('sets variables that there are, to values that are accepted', () => {
    const settings = imageSettings();
    expect(withoutNodeEnv(Object.keys(settings))).toEqual(['HOST', 'PORT', 'DATA_DIR', 'CLIP_CACHE_DIR', 'LOG_FORMAT']);
    for (const name of withoutNodeEnv(Object.keys(settings))) expect(configVariables).toContain(name);
    expect(loadConfig(settings)).toMatchObject({ dataDir: '/data', clip: { cacheDir: '/models' } });
  });

  it('copies what there is, and what its own rules leave out nowhere', () => {
    const sources = [...dockerfile.matchAll(/^COPY (?:--from=build )?(.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' ').map((name) => name.replace(/^\/app\//, '')),
    );
    const made = ['node_modules', 'dist', '.'];
    const ignored = read('.dockerignore').split('\n');
    expect(sources).toContain('migrations');
    for (const source of sources.filter((name) => !made.includes(name))) {
      expect([source, existsSync(join(projectRoot, source))]).toEqual([source, true]);
      expect(ignored).not.toContain(source.split('/')[0]);
    }
  });

  it('has all that the programs look for in their folder', () => {
    for (const folder of ['migrations', 'models', 'dist', 'node_modules', 'package.json']) {
      expect(dockerfile).toMatch(new RegExp(`^COPY --from=build /app/${folder} `, 'm'));
    }
  });

  it('starts a program that is built, as the first process, and as a user without rights', () => {
    expect(dockerfile).toContain('CMD ["node", "dist/main.js"]');
    expect(read('scripts/bundle-programs.js')).toContain("'src/main.ts'");
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^STOPSIGNAL SIGTERM$/m);
  });
});

describe('the composition', () => {
  it('sets variables that there are, to values that are accepted together', () => {
    const settings = sharedSettings();
    expect(Object.keys(settings).length).toBeGreaterThan(15);
    for (const name of Object.keys(settings)) expect(configVariables).toContain(name);
    expect(loadConfig({ ...imageSettings(), ...settings })).toMatchObject({
      backfill: { workers: 0 },
      server: { trustProxy: 1 },
      telemetry: { metricsPort: 9464 },
    });
  });

  it('runs commands that there are', () => {
    const commands = [...compose.matchAll(/command: \[node, dist\/cli\.js, (\w+)\]/g)].map(([, name = '']) => name);
    expect(new Set(commands)).toEqual(new Set(['migrate', 'worker']));
    for (const name of [...commands, 'doctor']) expect(read('src/cli.ts')).toContain(`.command('${name}')`);
  });

  it('gives a stop the time that it may take', () => {
    const [, seconds = ''] = /^ {2}stop_grace_period: (\d+)s$/m.exec(compose) ?? [];
    const { stopDelayMs } = loadConfig(sharedSettings()).server;
    expect(Number(seconds) * 1000).toBeGreaterThan(stopDelayMs + 10_000);
  });

  it('takes a pgvector whose HNSW indexes can be vacuumed', () => {
    const [, minor, patch] = /image: pgvector\/pgvector:0\.(\d+)\.(\d+)-pg\d+$/m.exec(compose) ?? [];
    expect(Number(minor) * 100 + Number(patch)).toBeGreaterThanOrEqual(804);
  });
});

it('the metrics to alert on are there', () => {
  const named = [...read('docs/operations.md').matchAll(/lookalike_\w+/g)].map(([name]) =>
    name.replace(/_bucket$/, ''),
  );
  const metrics = read('src/telemetry/metrics.ts');
  expect(new Set(named).size).toBeGreaterThan(6);
  for (const name of named.filter((one) => one !== 'lookalike_restored')) expect(metrics).toContain(`'${name}'`);
});
