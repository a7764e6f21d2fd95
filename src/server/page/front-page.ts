import type { Request, RequestHandler } from 'express';

/** What of the page for people there is. */
export interface FrontPageOptions {
  /** Folder of the built page; null where it is not built. */
  webRoot: string | null;
  /** Whether GraphiQL is served too. */
  graphiql: boolean;
}

const API = `POST /graphql          queries, mutations and photographs (GraphQL multipart requests)
WS   /graphql          subscriptions (graphql-transport-ws)
POST /graphql/stream   subscriptions as server-sent events (graphql-sse, one to a request)
`;

const EXAMPLE = `Products that look like a photograph:

  curl HOST/graphql -H 'apollo-require-preflight: true' \\
    -F operations='{"query":"query($image: Upload) { similarProducts(image: $image, limit: 5) { edges { similarity node { id title } } } }","variables":{"image":null}}' \\
    -F map='{"0":["variables.image"]}' -F 0=@photo.jpg
`;

/** Says as plain text what is here, with a request that names this server. */
export function sendFrontText(options: FrontPageOptions): RequestHandler {
  const text = ['Lookalike: visual product search over GraphQL.\n', pageLines(options) + API, EXAMPLE].join('\n');
  return (request, response) => {
    response
      .vary('Accept')
      .type('text/plain')
      .send(text.replace('HOST', originOf(request)));
  };
}

function pageLines({ webRoot, graphiql }: FrontPageOptions): string {
  if (webRoot === null) return 'The page for browsers is not built: `npm run build` builds it.\n\n';
  const page = 'GET  /                 this text; in a browser, the page to search with\n';
  return graphiql ? `${page}GET  /graphiql         GraphiQL, to try queries in a browser\n` : page;
}

function originOf(request: Request): string {
  return `${request.protocol}://${request.get('host') ?? 'localhost'}`;
}
