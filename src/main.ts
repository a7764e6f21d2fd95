import { loadConfig } from './config.js';
import { withDotEnv } from './dot-env.js';
import { exitWithError } from './exit.js';
import { serve } from './serve.js';

/** The server process. */
try {
  await serve(loadConfig(withDotEnv(process.env, process.cwd())));
} catch (error) {
  exitWithError(error);
}
