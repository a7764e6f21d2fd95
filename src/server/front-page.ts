import type { RequestHandler } from 'express';

const TEXT = `Lookalike: visual product search over GraphQL.

POST /graphql          queries, mutations and photographs (GraphQL multipart requests)
WS   /graphql          subscriptions (graphql-transport-ws)
POST /graphql/stream   subscriptions as server-sent events (graphql-sse, one to a request)

Products that look like a photograph:

  curl HOST/graphql -H 'apollo-require-preflight: true' \\
    -F operations='{"query":"query($image: Upload) { similarProducts(image: $image, limit: 5) { edges { similarity node { id title } } } }","variables":{"image":null}}' \\
    -F map='{"0":["variables.image"]}' -F 0=@photo.jpg
`;

/** Says what is here, to whoever opens the address in a browser or with curl. */
export const serveFrontPage: RequestHandler = (request, response) => {
  const origin = `${request.protocol}://${request.get('host') ?? 'localhost'}`;
  response.type('text/plain').send(TEXT.replace('HOST', origin));
};
