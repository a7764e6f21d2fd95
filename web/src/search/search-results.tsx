import type { ProductPages } from '@lookalike/apollo';
import type { ReactNode } from 'react';
import { formatCount } from '../ui/format-price.js';
import { Notice } from '../ui/notice.js';
import { ProductGridSkeleton } from '../ui/product-grid.js';
import { ProductList } from '../ui/product-list.js';
import { useTryAgain } from '../ui/use-try-again.js';
import { FirstPageError } from './first-page-error.js';
import { NothingFound } from './nothing-found.js';
import { countFilters, NO_QUESTION, printQuestion, type SearchQuestion } from './search-params.js';
import { isGrowing, type LookedAtState } from './use-looked-at.js';
import { useSearchAgain } from './use-search-again.js';
import type { Ask } from './use-search-question.js';
import { PAGE_SIZE } from './use-search.js';

export interface SearchResultsProps {
  question: SearchQuestion;
  pages: ProductPages;
  lookedAtState: LookedAtState;
  /** Of the shop's prices, where it is known. */
  currency: string | null;
  ask: Ask;
  /** Gives the focus to what the answer begins with, where the button that asked again had it. */
  onAnswer: () => void;
}

/** The answer, or why there is none. */
export function SearchResults({ question, pages, lookedAtState, currency, ask, onAnswer }: SearchResultsProps) {
  const { edges, isLoading } = pages;
  const { error, isTrying, tryAgain } = useTryAgain(pages, onAnswer);
  useSearchAgain(pages, lookedAtState.lookedAt);
  if (error !== null && edges.length === 0) {
    return <FirstPageError question={question} error={error} onRetry={tryAgain} isRetrying={isTrying} ask={ask} />;
  }
  if (!isLoading && edges.length === 0) {
    return <Nothing question={question} lookedAtState={lookedAtState} currency={currency} />;
  }
  return (
    <ProductList
      label="Results"
      pages={pages}
      scale={question.words === '' ? 'pictures' : 'words'}
      // Another product is another question: the words were about what was looked for before. The filters stay.
      moreLike={(id) => `/${printQuestion({ ...NO_QUESTION, likes: [id], filters: question.filters })}`}
      pageSize={PAGE_SIZE}
    />
  );
}

/** How much there is, for a line above the results that is read out when it changes. */
export function describeResults({ isLoading, error, edges, hasNextPage }: ProductPages, shop: LookedAtState): string {
  // That nothing is found means little before it is known what can be found.
  if (isLoading || (edges.length === 0 && error === null && shop.isLoading)) return 'Looking…';
  if (edges.length === 0 && error !== null) return '';
  if (edges.length === 0) return isGrowing(shop.lookedAt) ? 'Nothing yet' : 'Nothing found';
  const products = edges.length === 1 ? '1 product' : `${formatCount(edges.length)} products`;
  return hasNextPage ? `The ${products} most alike, and more below` : products;
}

type NothingProps = Pick<SearchResultsProps, 'question' | 'lookedAtState' | 'currency'>;

function Nothing({ question, lookedAtState: { lookedAt, isLoading }, currency }: NothingProps) {
  if (isLoading) return <ProductGridSkeleton count={PAGE_SIZE} />;
  const nothing = <NothingFound question={question} currency={currency} />;
  if (isGrowing(lookedAt)) return <SoonMore>{countFilters(question.filters) > 0 && nothing}</SoonMore>;
  return lookedAt?.done === 0 ? <NotYet /> : nothing;
}

function SoonMore({ children }: { children: ReactNode }) {
  return (
    <>
      <p>Products turn up here by themselves as soon as their pictures have been looked at.</p>
      {children === false ? <ProductGridSkeleton count={PAGE_SIZE / 2} /> : children}
    </>
  );
}

function NotYet() {
  return (
    <Notice title="Nothing can be found yet">
      <p>None of the shop’s pictures has been looked at so far. An admin of the shop starts that.</p>
    </Notice>
  );
}
