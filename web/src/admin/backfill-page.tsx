import { useApolloClient, useQuery } from '@apollo/client/react';
import { EmbeddingBackfillDocument, type EmbeddingBackfillQuery } from '@lookalike/apollo';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { counted } from '../ui/counted.js';
import { Icon } from '../ui/icon.js';
import { Notice } from '../ui/notice.js';
import { RelativeTime } from '../ui/relative-time.js';
import { useLaterFocus } from '../ui/use-later-focus.js';
import { usePageTitle } from '../ui/use-page-title.js';
import { useWhenChanged } from '../ui/use-when-changed.js';
import styles from './admin.module.css';
import { BackfillBody } from './backfill-body.js';
import { hasEnded, titleOf } from './backfill-words.js';
import { ConnectionMark } from './connection-mark.js';
import { FailureList } from './failure-list.js';
import { StageBar } from './stage-bar.js';
import { StateMark } from './state-mark.js';
import { Waiting } from './waiting.js';

/** A run: how far it is, where its time goes, and what it could not embed. */
export function BackfillPage() {
  const { id = '' } = useParams();
  usePageTitle('Backfill');
  return (
    <>
      <Link to="/admin" className={styles.back}>
        <Icon name="back" /> All backfills
      </Link>
      <Found key={id} id={id} />
    </>
  );
}

function Found({ id }: { id: string }) {
  const { data, error } = useQuery(EmbeddingBackfillDocument, { variables: { id }, fetchPolicy: 'cache-and-network' });
  if (data?.embeddingBackfill != null) return <Details backfill={data.embeddingBackfill} />;
  if (data === undefined) return <Waiting error={error} />;
  return (
    <Notice title="There is no such backfill">
      <p>It may have been of a model that was dropped, or so long ago that it is forgotten.</p>
    </Notice>
  );
}

type Details = NonNullable<EmbeddingBackfillQuery['embeddingBackfill']>;

function Details({ backfill }: { backfill: Details }) {
  const { id, state, counts, stages, failureCounts } = backfill;
  const client = useApolloClient();
  const [heading, focusHeading] = useLaterFocus();
  const revision = `${state} ${counts.failed}`;
  const refresh = (): void => {
    // It is shown through the cache; whether the server answers is shown by what is live.
    client
      .query({ query: EmbeddingBackfillDocument, variables: { id }, fetchPolicy: 'network-only' })
      .catch(() => undefined);
  };
  useWhenChanged(revision, refresh);
  // Once there were some, what came of their next try is to be seen also where none are left.
  const [hadFailures, setHadFailures] = useState(false);
  if (!hadFailures && counts.failed + failureCounts.length > 0) setHadFailures(true);
  return (
    <>
      <div className={styles.heading}>
        <h1 ref={heading} tabIndex={-1}>
          {titleOf(backfill)}
        </h1>
        <span className={styles.marks}>
          {!hasEnded(backfill) && <ConnectionMark />}
          <StateMark state={state} />
        </span>
      </div>
      <section className={styles.panel} aria-label="Progress">
        <BackfillBody backfill={backfill} onCancelled={focusHeading}>
          <Times backfill={backfill} />
        </BackfillBody>
      </section>
      {stages !== null && (
        <section className={styles.panel} aria-labelledby="stages">
          <h2 id="stages">Where the time of an image goes</h2>
          <StageBar stages={stages} />
        </section>
      )}
      {hadFailures && <FailureList backfillId={id} counts={failureCounts} revision={revision} onChange={refresh} />}
    </>
  );
}

function Times({ backfill: { createdAt, finishedAt, productIds } }: { backfill: Details }) {
  return (
    <p className={styles.soft}>
      Started <RelativeTime at={createdAt} />
      {finishedAt !== null && (
        <>
          , ended <RelativeTime at={finishedAt} />
        </>
      )}
      .{productIds !== null && ` Only ${counted(productIds.length, 'product')}: ${productIds.slice(0, 20).join(', ')}.`}
    </p>
  );
}
