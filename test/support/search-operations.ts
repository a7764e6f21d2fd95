import type { Answer, Client } from './test-shop.js';

/** A page of a search as clients read it. */
export interface Page {
  status: string;
  model: { name: string };
  edges: {
    cursor: string;
    similarity: number;
    matchKind: string;
    node: { id: string; category: string | null; price: number | null };
    image: { id: string };
  }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
}

const PAGE = `{
  status
  model { name }
  edges { cursor similarity matchKind node { id category price } image { id } }
  pageInfo { hasNextPage hasPreviousPage endCursor }
}`;

const NARROWED = 'limit: $limit, after: $after, filter: $filter, minSimilarity: $minSimilarity';
const NARROWING = '$limit: Int! = 12, $after: String, $filter: ProductFilter, $minSimilarity: Float';

const OPERATIONS = {
  similarToProduct: `query ($id: ID!, ${NARROWING}) { similarToProduct(id: $id, ${NARROWED}) ${PAGE} }`,
  similarProducts: `query ($image: Upload, $queryImageId: ID, $region: RegionInput, ${NARROWING}) {
    similarProducts(image: $image, queryImageId: $queryImageId, region: $region, ${NARROWED}) ${PAGE}
  }`,
  searchProducts: `query ($input: SearchProductsInput!, $limit: Int! = 12, $after: String) {
    searchProducts(input: $input, limit: $limit, after: $after) ${PAGE}
  }`,
} as const;

export type SearchName = keyof typeof OPERATIONS;

/** Asks a server for a page. */
export function search(
  server: Pick<Client, 'query' | 'upload'>,
  name: SearchName,
  variables: Record<string, unknown>,
): Promise<Answer> {
  const { image, ...others } = variables;
  if (Buffer.isBuffer(image)) return server.upload(image, OPERATIONS[name], others);
  return server.query(OPERATIONS[name], variables);
}

/** As {@link search}, of one that is answered without errors. */
export async function searchPage(...given: Parameters<typeof search>): Promise<Page> {
  const { data, errors } = await search(...given);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data?.[given[1]] as Page;
}

/** All pages of a search, one after another, to its end. */
export async function allPages(...[server, name, variables]: Parameters<typeof search>): Promise<Page[]> {
  const pages: Page[] = [];
  for (;;) {
    const after = pages.at(-1)?.pageInfo.endCursor ?? null;
    const page = await searchPage(server, name, { ...variables, after });
    pages.push(page);
    if (!page.pageInfo.hasNextPage) return pages;
  }
}

export function idsOf(...pages: readonly Page[]): string[] {
  return pages.flatMap(({ edges }) => edges.map(({ node }) => node.id));
}

/** What refused a search: its code, its message, and the argument at fault. */
export async function refusalOf(...given: Parameters<typeof search>): Promise<[unknown, unknown, unknown]> {
  const { errors } = await search(...given);
  const [error] = errors ?? [];
  return [error?.extensions.code, error?.message, error?.extensions.argument];
}
