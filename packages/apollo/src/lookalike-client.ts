import { ApolloClient, InMemoryCache } from '@apollo/client';
import { createLookalikeLink, type LookalikeLinkOptions } from './lookalike-link.js';
import { makeTypePolicies } from './type-policies.js';

export interface LookalikeClient {
  client: ApolloClient;
  /** Ends what is open, for programs that want to end. */
  close: () => void;
}

/** A whole Apollo Client for Lookalike: the link and the cache that it takes. */
export function createLookalikeClient(options: LookalikeLinkOptions = {}): LookalikeClient {
  const { link, close } = createLookalikeLink(options);
  const client = new ApolloClient({ link, cache: new InMemoryCache({ typePolicies: makeTypePolicies() }) });
  return {
    client,
    close: () => {
      client.stop();
      close();
    },
  };
}
