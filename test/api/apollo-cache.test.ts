import { gql, type ApolloClient, type InMemoryCacheConfig, type TypedDocumentNode } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeApolloClient, type ClientOfShop } from '../support/apollo-client.js';
import { testPhotograph } from '../support/test-photographs.js';
import { startTestShop, type TestShop } from '../support/test-shop.js';

interface Connection {
  edges: { similarity: number; node: { id: string; title: string } }[];
  pageInfo: { endCursor: string | null; hasNextPage: boolean };
}

const PAGE = gql`
  fragment Page on SimilarProductConnection {
    edges {
      similarity
      node {
        id
        title
      }
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
`;

/** The photograph goes with every query. */
const BY_PHOTOGRAPH: TypedDocumentNode<{ similarProducts: Connection }, { image: File }> = gql`
  query ($image: Upload) {
    similarProducts(image: $image, limit: 3) {
      ...Page
    }
  }
  ${PAGE}
`;

/** The photograph is given once, and queries name it. */
const CREATE: TypedDocumentNode<{ createQueryImage: { queryImage: { id: string } } }, { upload: File }> = gql`
  mutation ($upload: Upload!) {
    createQueryImage(input: { upload: $upload }) {
      queryImage {
        id
        expiresAt
      }
      userErrors {
        code
        message
      }
    }
  }
`;

interface PageVariables {
  id: string;
  limit?: number;
  after?: string | null | undefined;
  filter?: Record<string, unknown>;
}

const OF_QUERY_IMAGE: TypedDocumentNode<{ queryImage: { similarProducts: Connection } }, PageVariables> = gql`
  query ($id: ID!, $limit: Int! = 3, $after: String, $filter: ProductFilter) {
    queryImage(id: $id) {
      id
      similarProducts(limit: $limit, after: $after, filter: $filter) {
        ...Page
      }
    }
  }
  ${PAGE}
`;

const BY_ID: TypedDocumentNode<{ similarProducts: Connection }, { id: string }> = gql`
  query ($id: ID!) {
    similarProducts(queryImageId: $id, limit: 12) {
      ...Page
    }
  }
  ${PAGE}
`;

let shop: TestShop;
const clients: ClientOfShop[] = [];

beforeAll(async () => {
  shop = await startTestShop({ products: 12 });
  await shop.backfill();
});

afterEach(async () => {
  for (const { close } of clients.splice(0)) await close();
});

afterAll(() => shop.close());

function makeClient(cache: InMemoryCacheConfig = {}): ClientOfShop {
  const made = makeApolloClient(shop.app.url, cache);
  clients.push(made);
  return made;
}

async function photographOf(number: number): Promise<File> {
  return new File([new Uint8Array(await testPhotograph(number))], 'photo.jpg');
}

const idsOf = (page: Connection | undefined): string[] => page?.edges.map(({ node }) => node.id) ?? [];

async function makeQueryImage(client: ApolloClient, number: number): Promise<string> {
  const { data } = await client.mutate({ mutation: CREATE, variables: { upload: await photographOf(number) } });
  return data?.createQueryImage.queryImage.id ?? '';
}

async function pageOf(client: ApolloClient, variables: PageVariables): Promise<Connection | undefined> {
  return (await client.query({ query: OF_QUERY_IMAGE, variables })).data?.queryImage.similarProducts;
}

describe('a photograph that goes with the query', () => {
  it('is a trap in a cache: a second one is answered with the products of the first', async () => {
    const { client, requests } = makeClient();
    const search = async (number: number): Promise<string | undefined> => {
      const { data } = await client.query({ query: BY_PHOTOGRAPH, variables: { image: await photographOf(number) } });
      return idsOf(data?.similarProducts)[0];
    };
    expect([await search(3), await search(8)]).toEqual(['3', '3']);
    expect(requests()).toBe(1);
  });

  it('is answered with its own products past cache and deduplication, also beside another one', async () => {
    const { client, requests } = makeClient();
    const search = async (number: number): Promise<string | undefined> => {
      const { data } = await client.query({
        query: BY_PHOTOGRAPH,
        variables: { image: await photographOf(number) },
        fetchPolicy: 'no-cache',
        context: { queryDeduplication: false },
      });
      return idsOf(data?.similarProducts)[0];
    };
    expect(await Promise.all([search(3), search(8)])).toEqual(['3', '8']);
    expect(requests()).toBe(2);
  });
});

describe('a query image', () => {
  it('is answered with its own products by any policy, and from the cache the second time', async () => {
    const { client, requests } = makeClient();
    const ids = await Promise.all([makeQueryImage(client, 3), makeQueryImage(client, 8)]);
    const first = await Promise.all(ids.map((id) => pageOf(client, { id })));
    expect(first.map((page) => idsOf(page)[0])).toEqual(['3', '8']);
    expect(requests()).toBe(4);
    const second = await Promise.all(ids.map((id) => pageOf(client, { id })));
    expect(second).toEqual(first);
    expect(requests()).toBe(4);
  });

  it('has pages that the cache puts together, apart for each filter', async () => {
    const similarProducts = relayStylePagination(['filter', 'minSimilarity']);
    const { client, requests } = makeClient({ typePolicies: { QueryImage: { fields: { similarProducts } } } });
    const id = await makeQueryImage(client, 3);
    const whole = idsOf(await pageOf(makeClient().client, { id, limit: 12 }));
    const shown = (): Connection | undefined =>
      client.readQuery({ query: OF_QUERY_IMAGE, variables: { id } })?.queryImage.similarProducts;
    const watched = client.watchQuery({ query: OF_QUERY_IMAGE, variables: { id } });
    const subscription = watched.subscribe(() => undefined);
    await pageOf(client, { id });
    for (const _more of [1, 2]) await watched.fetchMore({ variables: { after: shown()?.pageInfo.endCursor } });
    expect(idsOf(shown())).toEqual(whole.slice(0, 9));
    const dear = await pageOf(client, { id, filter: { price: { min: 6 } } });
    expect(idsOf(dear)).toEqual(whole.filter((product) => Number(product) >= 6).slice(0, 3));
    expect(idsOf(shown())).toEqual(whole.slice(0, 9));
    expect(requests()).toBe(5);
    subscription.unsubscribe();
  });

  it('keeps its similarities apart from those of another one with the same products', async () => {
    const { client } = makeClient();
    const ids = await Promise.all([makeQueryImage(client, 3), makeQueryImage(client, 8)]);
    const asked = await Promise.all(
      ids.map(async (id) => (await client.query({ query: BY_ID, variables: { id } })).data?.similarProducts),
    );
    const cached = ids.map((id) => client.readQuery({ query: BY_ID, variables: { id } })?.similarProducts);
    expect(cached).toEqual(asked);
    const [one, other] = cached.map((page) => page?.edges.find(({ node }) => node.id === '5')?.similarity);
    expect(one).toBeTypeOf('number');
    expect(one).not.toBe(other);
  });
});
