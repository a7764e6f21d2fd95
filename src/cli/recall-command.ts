import type { Closers } from '../closers.js';
import type { Config } from '../config.js';
import { openVectorDatabase, type DatabaseOptions } from '../databases.js';
import { RECALL_TARGET, RecallService, type MeasuredRecall, type RecallRequest } from '../services/recall.js';
import { SEARCH_BREADTH } from '../services/vector/session-settings.js';
import { makeStores } from '../stores.js';
import { formatTable } from './format-table.js';
import { withClosers } from './with-closers.js';

/**
 * `lookalike recall`: measures on the shop's own embeddings how many of the true nearest a search finds, and what to set. It
 * reads the vector database only.
 *
 * @throws AppError where nothing is embedded, there is no such model, or a number is out of bounds.
 */
export async function recallCommand(config: Config, request: RecallRequest): Promise<void> {
  await withClosers(config, openRecall, async (recall) => {
    const report = await recall.measure(request);
    const images = `${report.model.name}: ${report.rows} images embedded`;
    if (report.kind === 'measured')
      console.log([`${images}, index ${report.index}.`, ...reportLines(report)].join('\n'));
    else
      console.log(
        `${images}, no index.\nSearches compare with every image, so they miss none: there is nothing to set.`,
      );
  });
}

async function openRecall(options: DatabaseOptions, closers: Closers): Promise<RecallService> {
  const { vector: config } = options.config;
  const vector = await openVectorDatabase(options, closers);
  const stores = makeStores(vector, config, options.log);
  const configured = { hnsw: config.efSearch, ivfflat: config.probes };
  return new RecallService({ ...stores, configured });
}

/** What a person wants to know of what was measured, line by line. */
export function reportLines(report: MeasuredRecall): string[] {
  const { queries, k, exactMs } = report;
  return [
    `Searched with ${queries} of them, each without its own product, for the ${k} nearest. Comparing with every image takes ` +
      `${exactMs.toFixed(1)} ms.`,
    '',
    ladderTable(report),
    '',
    ...suggestionLines(report),
  ];
}

function ladderTable({ index, k, exactMs, steps, current }: MeasuredRecall): string {
  const { variable } = SEARCH_BREADTH[index];
  const rows = steps.map(({ breadth, recall, medianMs }) => [
    String(breadth),
    recall.toFixed(4),
    (medianMs / exactMs).toFixed(3),
    breadth === current ? 'as it is now' : '',
  ]);
  return formatTable([variable, `recall@${k}`, 'time, of exact', ''], rows);
}

function suggestionLines({ index, steps, current, suggestion }: MeasuredRecall): string[] {
  const { variable } = SEARCH_BREADTH[index];
  const target = `${RECALL_TARGET * 100} % of the nearest`;
  if (suggestion === null) {
    const most = Math.max(...steps.map(({ recall }) => recall));
    return [
      `None of these finds ${target}; the best finds ${(most * 100).toFixed(1)} %. VECTOR_INDEX=none compares with every image.`,
    ];
  }
  if (suggestion.breadth === current) return [`${variable}=${current} is the smallest that finds ${target}: leave it.`];
  return [`The smallest that finds ${target}; put it into .env and restart:`, `${variable}=${suggestion.breadth}`];
}
