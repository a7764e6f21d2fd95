import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

type Environment = Readonly<Record<string, string | undefined>>;

/** OpenTelemetry's variables, which its libraries read from the environment of the process and nowhere else. */
export function openTelemetryVariables(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('OTEL_')));
}

/** The environment, with what `.env` of a folder sets beneath it: a variable that is set outside wins. */
export function withDotEnv(env: Environment, folder: string): Environment {
  const file = join(folder, '.env');
  return existsSync(file) ? { ...parseEnv(readFileSync(file, 'utf8')), ...env } : env;
}
