import type { Config } from '../config.js';
import type { AccessConfig } from '../server-config.js';
import { ok, warning, type Finding } from './finding.js';

/** Says what strangers, other sites and forgetful operators could make of the settings. Nothing is asked of anybody. */
export function checkExposure(config: Config): Finding[] {
  const findings = [
    ...tokens(config),
    ...openness(config),
    ...proxies(config),
    ...identityProvider(config.server.access),
    ...databases(config),
  ];
  return findings.length > 0 ? findings : [ok('Tokens, GraphiQL, introspection, proxies and rates are set for use.')];
}

const isDemo = ({ catalogDatabaseUrl }: Config): boolean => catalogDatabaseUrl === null;

/** Whether other machines reach the server. */
const isOpen = ({ server }: Config): boolean => !['127.0.0.1', '::1', 'localhost'].includes(server.host);

function tokens(config: Config): Finding[] {
  const { adminTokens, readTokens, jwt } = config.server.access;
  const findings: Finding[] = [];
  if (!isDemo(config) && adminTokens.length === 0 && jwt === null) {
    findings.push(
      warning(
        'ADMIN_TOKEN is not set, so every server makes one at each start and prints it, and replicas have different ones.',
        'Set ADMIN_TOKEN to what `openssl rand -base64 24` prints, or to its digest (docs/access.md).',
      ),
    );
  }
  for (const [variable, list] of Object.entries({ ADMIN_TOKEN: adminTokens, READ_TOKEN: readTokens })) {
    if (!list.some(isGuessable)) continue;
    findings.push(
      warning(`${variable} has a token that can be guessed.`, 'Make one by chance: `openssl rand -base64 24`.'),
    );
  }
  return findings;
}

/** Few different characters, or the words of examples. */
function isGuessable(token: string): boolean {
  if (token.startsWith('sha256:')) return false;
  return new Set(token).size < 8 || /change.?me|password|secret|example|random.?text|admin.?token/i.test(token);
}

function openness(config: Config): Finding[] {
  const { graphiql, documents, rateLimits, access } = config.server;
  const findings: Finding[] = [];
  if (isOpen(config) && isDemo(config)) {
    findings.push(
      warning(
        'The demo can be reached by other machines (HOST). It has no limits on the rate and shows GraphiQL.',
        'Leave HOST out.',
      ),
    );
  }
  if (isOpen(config) && !isDemo(config) && graphiql) {
    findings.push(warning('GraphiQL is on where other machines reach it.', 'Set GRAPHIQL=false.'));
  }
  if (isOpen(config) && !isDemo(config) && documents.introspection) {
    findings.push(warning('Strangers may ask for the whole schema.', 'Set INTROSPECTION=false.'));
  }
  if (!isDemo(config) && (rateLimits.searchesPerMinute === null || rateLimits.uploadsPerMinute === null)) {
    findings.push(
      warning(
        'A client without a token may have any number of searches or photographs a minute.',
        'Set RATE_LIMIT_SEARCHES and RATE_LIMIT_UPLOADS above 0; who has READ_TOKEN has no limit.',
      ),
    );
  }
  if (access.allowedOrigins.includes('*')) {
    findings.push(
      warning(
        'Pages of every site may call this server from a browser.',
        'Set ALLOWED_ORIGINS to the origins of your own pages.',
      ),
    );
  }
  return findings;
}

function proxies(config: Config): Finding[] {
  if (isDemo(config) || config.server.trustProxy !== 0) return [];
  const sentence =
    'TRUST_PROXY is not set. Behind a proxy all clients share one address then, and one limit on the rate';
  return [
    warning(
      `${sentence}; without a proxy there is no TLS.`,
      'Put a proxy with TLS in front and set TRUST_PROXY to how many there are (docs/operations.md).',
    ),
  ];
}

function identityProvider({ jwt }: AccessConfig): Finding[] {
  if (jwt === null) return [];
  const findings: Finding[] = [];
  if (jwt.audience === null) {
    findings.push(
      warning('A token that the identity provider made for any other service is good here too.', 'Set JWT_AUDIENCE.'),
    );
  }
  if (jwt.issuer === null) findings.push(warning('The issuer of tokens is not checked.', 'Set JWT_ISSUER.'));
  if (jwt.jwksUrl.startsWith('http://')) {
    findings.push(
      warning(
        'The public keys of the identity provider come without TLS: whoever is on the way can make tokens.',
        'Set JWT_JWKS_URL to an https address.',
      ),
    );
  }
  return findings;
}

function databases({ catalogDatabaseUrl, vectorDatabaseUrl }: Config): Finding[] {
  if (catalogDatabaseUrl === null) return [];
  if (vectorDatabaseUrl === null) {
    return [
      warning(
        'Vectors go to the embedded Postgres, which is for one machine and not safe against a power cut.',
        'Set VECTOR_DATABASE_URL to a Postgres with pgvector.',
      ),
    ];
  }
  if (catalogDatabaseUrl !== vectorDatabaseUrl) return [];
  return [
    warning(
      'The vectors are kept in the catalogue database itself, with a user that may write there.',
      'Set VECTOR_DATABASE_URL to a database of its own, and give DATABASE_URL a user that may only select.',
    ),
  ];
}
