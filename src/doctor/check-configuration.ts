import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { loadUsableConfig, type Config } from '../config.js';
import type { ConfigFault } from '../errors.js';
import { fault, faultIn, ok, warning, type Finding } from './finding.js';
import { unknownVariables } from './unknown-variables.js';

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What can be told of the configuration without asking anything else. */
export interface ReadConfiguration {
  /** The environment of the process, with that of `.env` beneath. */
  env: Environment;
  /** A faulty variable counts as not set in it. */
  config: Config;
  /** The variables that have a fault. */
  faulty: ReadonlySet<string>;
  findings: Finding[];
}

/** Reads `.env` of a folder and the environment, and says what is wrong with them. */
export function readConfiguration(processEnv: Environment, folder: string): ReadConfiguration {
  const file = readDotEnv(join(folder, '.env'));
  const env = { ...file.values, ...processEnv };
  const { config, faults } = loadUsableConfig(env);
  const unknown = unknownVariables({ fromFile: Object.keys(file.values), fromProcess: Object.keys(processEnv) });
  const findings = [
    ...file.findings,
    ...faults.map(configFault),
    ...unknown.map(({ name, meant }) =>
      warning(
        `${name} is set and means nothing.`,
        meant === null ? `Remove it from .env; .env.example has what can be set.` : `Set ${meant} instead.`,
      ),
    ),
  ];
  if (findings.length === 0) findings.push(ok(describeSettings(file.isThere)));
  return { env, config, faulty: new Set(faults.map(({ variable }) => variable)), findings };
}

interface DotEnv {
  isThere: boolean;
  values: Environment;
  findings: Finding[];
}

function readDotEnv(path: string): DotEnv {
  if (!existsSync(path)) return { isThere: false, values: {}, findings: [] };
  try {
    return { isThere: true, values: parseEnv(readFileSync(path, 'utf8')), findings: openToOthers(path) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const unreadable = fault(
      `.env is there and can't be read (${code}).`,
      'Give this user the right to read it, or remove it.',
    );
    return { isThere: true, values: {}, findings: [unreadable] };
  }
}

/** It has passwords and tokens in it. */
function openToOthers(path: string): Finding[] {
  if (process.platform === 'win32' || (statSync(path).mode & 0o007) === 0) return [];
  return [warning('.env can be read by every user of this machine, and has secrets.', 'Run `chmod 640 .env`.')];
}

function configFault({ variable, message }: ConfigFault): Finding {
  const { what, fix } = faultIn(message, `Correct or remove ${variable}; .env.example says what it takes.`);
  return fault(`${variable}: ${what}`, fix ?? '');
}

function describeSettings(hasFile: boolean): string {
  return hasFile
    ? 'Every setting in .env and in the environment is known and accepted.'
    : 'There is no .env in this folder; every setting of the environment is accepted.';
}
