import type { ZodError } from 'zod';
import { accessFaults } from './access-faults.js';
import type { ConfigFault } from './errors.js';

/** Variables by name, as they were given. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with single values. */
export function faultsOf(error: ZodError, given: Environment): ConfigFault[] {
  return error.issues.map((issue) => {
    const variable = String(issue.path[0]);
    return { variable, message: `"${shown(variable, given[variable])}" is not accepted: it ${issue.message}.` };
  });
}

/** Faults of values that are fine by themselves and wrong together. */
export function faultsBetween(given: Environment): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const isDemo = !given.DATABASE_URL && !given.DATABASE_URL_PRIVATE && !given.VECTOR_DATABASE_URL;
  const isCatalogueGiven = given.DATABASE_URL !== undefined || given.DATABASE_URL_PRIVATE !== undefined;
  if (given.VECTOR_DATABASE_URL && !isCatalogueGiven) {
    faults.push({
      variable: 'DATABASE_URL',
      message: 'It is not set, though VECTOR_DATABASE_URL is: set it to the catalogue database to embed.',
    });
  }
  if (given.IMAGE_BASE_URL && given.IMAGE_ROOT) {
    faults.push({
      variable: 'IMAGE_ROOT',
      message: 'It is set together with IMAGE_BASE_URL: relative image URLs can be under only one of them.',
    });
  }
  if (given.TRUSTED_DOCUMENTS && given.GRAPHIQL === 'true') {
    faults.push({
      variable: 'GRAPHIQL',
      message:
        'It is true together with TRUSTED_DOCUMENTS, and nothing that is typed there would run: set one of them.',
    });
  }
  for (const variable of [
    'IMAGE_ROOT',
    'IMAGE_BASE_URL',
    'CATALOG_PRODUCTS',
    'CATALOG_IMAGES',
    'CATALOG_COLUMNS',
    'CATALOG_FILTERS',
  ]) {
    if (given[variable] === undefined || !isDemo) continue;
    faults.push({
      variable,
      message: 'It is set without DATABASE_URL: the demo has its own. Set DATABASE_URL to the catalogue it belongs to.',
    });
  }
  return [...faults, ...accessFaults(given)];
}

/** Secrets never come back in a message, not even mistyped ones. */
function shown(variable: string, value: string | undefined): string {
  return /URL|TOKEN/.test(variable) ? '…' : (value ?? '');
}
