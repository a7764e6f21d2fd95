import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, specifiedRules, validate, type GraphQLSchema } from 'graphql';
import { AppError, ConfigError } from '../../errors.js';
import { DOCUMENT_LIMITS, MAX_TOKENS } from '../operations/document-limits.js';
import { idOf, queryOf, type AskedDocument } from './asked-document.js';
import { parseManifest, type DocumentManifest } from './document-manifest.js';
import { normalDocument } from './normal-document.js';

/** The only documents that are executed. */
export interface TrustedDocuments {
  /**
   * The document that a request has, or that it names.
   *
   * @throws AppError FORBIDDEN for any other.
   */
  find(asked: AskedDocument): string;
}

export interface TrustedDocumentFiles {
  /** The operator's. */
  manifest: string;
  /** Folder of the built page, which brings a manifest of its own; null where there is none. */
  webRoot: string | null;
}

/** Beside the page; see `scripts/page-documents.js`. */
const PAGE_MANIFEST = 'documents.json';

const PARSING = { maxTokens: MAX_TOKENS };

/** @throws ConfigError where the operator's manifest can't be read, is none, or has documents that can't run. */
export async function loadTrustedDocuments(
  { manifest, webRoot }: TrustedDocumentFiles,
  schema: GraphQLSchema,
): Promise<TrustedDocuments> {
  const own = readDocuments(manifest, await contentOf(manifest));
  const faults = [...own].flatMap(([id, source]) => {
    const fault = faultOf(source, schema);
    return fault === null ? [] : [faultIn(manifest, `has "${id}", which can't run: ${fault}`)];
  });
  if (faults.length > 0) throw new ConfigError(faults);
  const ofPage = webRoot === null ? new Map<string, string>() : await documentsOfPage(webRoot, schema);
  return makeTrustedDocuments(new Map([...ofPage, ...own]));
}

/** @param documents - valid ones, by their ids. */
export function makeTrustedDocuments(documents: DocumentManifest): TrustedDocuments {
  const known = new Set([...documents.values()].map((source) => normalDocument(source, PARSING)));
  const isKnown = (source: string): boolean => {
    try {
      return known.has(normalDocument(source, PARSING));
    } catch {
      return false;
    }
  };
  return {
    find: (asked) => {
      const [query, id] = [queryOf(asked), idOf(asked)];
      // It is executed as it came: the answer has to have each `__typename` that was asked for.
      if (query !== null && isKnown(query)) return query;
      const named = query === null && id !== null ? documents.get(id) : undefined;
      if (named === undefined) throw notTrusted();
      return named;
    },
  };
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigError([faultIn(path, `can't be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}).`)]);
  }
}

function readDocuments(path: string, json: string): DocumentManifest {
  const manifest = tryParse(json);
  if (manifest !== null) return manifest;
  const forms = 'what @apollo/generate-persisted-query-manifest writes, or a JSON object from ids to documents';
  throw new ConfigError([faultIn(path, `is no manifest of documents: it must be ${forms}.`)]);
}

function tryParse(json: string): DocumentManifest | null {
  try {
    return parseManifest(json);
  } catch {
    return null;
  }
}

/** Those of a page that was built for another schema don't work anyway. */
async function documentsOfPage(webRoot: string, schema: GraphQLSchema): Promise<DocumentManifest> {
  const json = await readFile(join(webRoot, PAGE_MANIFEST), 'utf8').catch(() => '{}');
  return new Map([...(tryParse(json) ?? [])].filter(([, source]) => faultOf(source, schema) === null));
}

/** Why a document would be refused whoever sent it. */
function faultOf(source: string, schema: GraphQLSchema): string | null {
  try {
    const [error] = validate(schema, parse(source, PARSING), [...specifiedRules, ...DOCUMENT_LIMITS], { maxErrors: 1 });
    return error?.message ?? null;
  } catch (error) {
    return (error as Error).message;
  }
}

function faultIn(path: string, what: string): { variable: string; message: string } {
  return { variable: 'TRUSTED_DOCUMENTS', message: `"${path}" ${what}` };
}

function notTrusted(): AppError {
  return new AppError(
    'FORBIDDEN',
    'This server executes the documents only that it was given, and this is none of them.',
  );
}
