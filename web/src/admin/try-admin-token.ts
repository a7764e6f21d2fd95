import type { ApolloClient } from '@apollo/client';
import { EmbeddingBackfillsDocument, toLookalikeError } from '@lookalike/apollo';

/** Null where the server takes the token, else a sentence that says why it is of no use. */
export async function tryAdminToken(client: ApolloClient, token: string): Promise<string | null> {
  // Headers carry nothing else, and no token has anything else in it.
  if (!/^[\x21-\x7e]+$/.test(token)) return WRONG;
  try {
    await client.query({
      query: EmbeddingBackfillsDocument,
      variables: { first: 1 },
      fetchPolicy: 'no-cache',
      context: { headers: { authorization: `Bearer ${token}` }, queryDeduplication: false },
    });
    return null;
  } catch (error) {
    return sentenceFor(error);
  }
}

const WRONG = 'That is not the admin token of this server.';

function sentenceFor(error: unknown): string {
  const { code, message } = toLookalikeError(error);
  if (code === 'UNAUTHENTICATED') return WRONG;
  if (code === 'NETWORK_ERROR') return 'The server does not answer. Check that it runs, then try again.';
  return message;
}
