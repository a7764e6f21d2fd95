import { loadConfig } from './config.js';
import { openTelemetryVariables, withDotEnv } from './dot-env.js';
import { exitWithError } from './exit.js';
import { serve } from './serve.js';

/** The server process. */
try {
  const env = withDotEnv(process.env, process.cwd());
  Object.assign(process.env, openTelemetryVariables(env));
  await serve(loadConfig(env));
} catch (error) {
  exitWithError(error);
}
