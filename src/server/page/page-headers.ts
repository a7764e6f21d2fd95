/** A document of the built page: the page itself, or the editor for queries. */
export type PageDocument = 'index.html' | 'graphiql.html';

type Policy = Readonly<Record<string, string>>;

/** The pictures of a shop lie on any host, so they are the one thing that may come from elsewhere. */
const POLICY: Policy = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' blob: data: https: http:",
  'connect-src': "'self'",
  'font-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
};

/** GraphiQL's editor makes style elements while it runs, starts workers from blobs, and has its icons' font in its styles. */
const FURTHER_POLICY: Readonly<Record<PageDocument, Policy>> = {
  'index.html': {},
  'graphiql.html': {
    'style-src': "'self' 'unsafe-inline'",
    'font-src': "'self' data:",
    'worker-src': "'self' blob:",
  },
};

/**
 * The headers that a document of the page is sent with, beside or in the place of those of all answers (security-headers.ts).
 *
 * @param host - the `Host` of the request, which may be anything that a client makes up.
 */
export function pageHeaders(document: PageDocument, host: string | undefined): Record<string, string> {
  const policy = { ...POLICY, ...FURTHER_POLICY[document], 'connect-src': connectSources(host) };
  return {
    // The names of the files that it refers to change with every build.
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': Object.entries(policy)
      .map(([directive, sources]) => `${directive} ${sources}`)
      .join('; '),
    'Permissions-Policy': 'camera=(self)',
    // Hosts of pictures may ask from which site they are looked at, and need not know from which page of it.
    'Referrer-Policy': 'strict-origin-when-cross-origin',
  };
}

/** What a policy can name: no `;` or space that would end it, and no IPv6 address, for which it has no form. */
const NAMED_HOST = /^[a-z\d-]+(\.[a-z\d-]+)*(:\d{1,5})?$/i;

/** Older Safaris do not count sockets of the page's own host to 'self'. Which of the two forms they take, a proxy may hide. */
function connectSources(host = ''): string {
  return NAMED_HOST.test(host) ? `'self' ws://${host} wss://${host}` : "'self'";
}
