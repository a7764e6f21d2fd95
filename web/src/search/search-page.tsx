import { useRef } from 'react';
import { usePageTitle } from '../ui/use-page-title.js';
import { FilterSide } from './filters/filter-side.js';
import { LikeChips } from './like-chips.js';
import { LookingNotice } from './looking-notice.js';
import { PhotoPanel } from './photo/photo-panel.js';
import { describeQuestion } from './question-words.js';
import { ResultsHead } from './results-head.js';
import styles from './search-page.module.css';
import type { FilterChange } from './filters/filter-words.js';
import { isAsked, printQuestion } from './search-params.js';
import { describeResults, SearchResults } from './search-results.js';
import { StartView } from './start-view.js';
import { useFacets } from './use-facets.js';
import { isGrowing, useLookedAt } from './use-looked-at.js';
import { useLostFocus } from './use-lost-focus.js';
import { useSearchQuestion } from './use-search-question.js';
import { useSearch } from './use-search.js';
import { useWordsDraft, WordsForm } from './words-form.js';

/** Search by a photo, by products, by words, or by all of them. */
export function SearchPage() {
  const { question, ask } = useSearchQuestion();
  const [draft, setDraft] = useWordsDraft(question.words);
  const pages = useSearch(question);
  const { facets, isLoading } = useFacets();
  const lookedAtState = useLookedAt();
  const { lookedAt } = lookedAtState;
  const heading = useRef<HTMLHeadingElement>(null);
  const currency = facets?.price?.currency ?? null;
  const asked = isAsked(question);
  const { photo, likes, filters } = question;
  usePageTitle(asked ? describeQuestion(question) : null);
  useLostFocus(heading, question);

  // Whoever narrows down far below goes on at the beginning of what is left; all else stays where it is.
  const narrow = (change: FilterChange): void => {
    ask((asked) => ({ filters: change(asked.filters) }));
    const head = heading.current;
    if (head !== null && head.getBoundingClientRect().top < 0) head.scrollIntoView();
  };
  // Words that were typed and not sent off yet are meant for the photo. A second photo takes the first one's place.
  const takePhoto = (id: string | null): void =>
    ask({ photo: id, words: draft.trim() }, photo === null || id === null ? 'push' : 'replace');

  return (
    <div className={styles.page} data-asked={asked || undefined}>
      <div className={styles.ask}>
        <h1 className={styles.title}>Find it by its looks</h1>
        <p className={styles.lead}>Show a photo, say it in words, or both.</p>
        <WordsForm
          draft={draft}
          onDraft={setDraft}
          onSubmit={() => ask({ words: draft.trim() })}
          isRefining={photo !== null || likes.length > 0}
        />
        <LikeChips
          productIds={likes}
          onRemove={(id) => ask((asked) => ({ likes: asked.likes.filter((like) => like !== id) }))}
        />
      </div>
      <div className={styles.photo}>
        <PhotoPanel
          queryImageId={photo}
          onQueryImage={takePhoto}
          isExpired={pages.error?.code === 'QUERY_IMAGE_EXPIRED'}
          isCompact={asked}
        />
      </div>
      {asked && (
        <div className={styles.filters}>
          <FilterSide filters={filters} facets={facets} onChange={narrow} />
        </div>
      )}
      <section className={styles.answer}>
        {lookedAt !== null && isGrowing(lookedAt) && <LookingNotice lookedAt={lookedAt} />}
        {asked ? (
          <>
            <ResultsHead
              ref={heading}
              heading={describeQuestion(question)}
              status={describeResults(pages, lookedAtState)}
              filters={filters}
              currency={currency}
              onChange={narrow}
            />
            <SearchResults
              // Another question has nothing of this one's: no error, and no claim to the focus.
              key={printQuestion(question)}
              question={question}
              pages={pages}
              lookedAtState={lookedAtState}
              currency={currency}
              ask={ask}
              onAnswer={() => heading.current?.focus({ preventScroll: true })}
            />
          </>
        ) : (
          <StartView
            facets={facets}
            isLoading={isLoading}
            filters={filters}
            currency={currency}
            lookedAt={lookedAt}
            onFilters={narrow}
          />
        )}
      </section>
    </div>
  );
}
