import type { Config } from '../config.js';
import { AppError } from '../errors.js';
import { openModels } from '../model-free.js';
import { coveredShare, noIndex, notCovered, notDropped, stateOf, unknownModel } from '../services/embedding-models.js';
import { formatTable } from './format-table.js';
import { withClosers } from './with-closers.js';

/** `lookalike models status`: prints the models that there is room for, and which one answers searches. */
export async function modelStatusCommand(config: Config): Promise<void> {
  await withClosers(config, openModels, async ({ models, coverage }) => {
    const rows: string[][] = [];
    for (const model of await models.list()) {
      const [covered, embeddings] = [await coverage.current(model.name), await coverage.embeddingCount(model.name)];
      rows.push([
        model.isActive ? `* ${model.name}` : `  ${model.name}`,
        String(model.dimensions),
        stateOf(model),
        String(embeddings),
        `${covered.embedded + covered.stale} of ${covered.total} images (${(100 * coveredShare(covered)).toFixed(1)} %)`,
      ]);
    }
    if (rows.length === 0)
      console.log('There is no model yet: `lookalike backfill` embeds with the one of CLIP_MODEL.');
    else console.log(formatTable(['  name', 'dimensions', 'state', 'embeddings', 'coverage'], rows));
  });
}

/**
 * `lookalike models activate`: lets a model answer searches.
 *
 * @throws AppError where there is no such model, or it has embedded too little.
 */
export async function activateCommand(config: Config, request: { model: string; minCoverage: number }): Promise<void> {
  await withClosers(config, openModels, async ({ models }) => {
    const activation = await models.activate(request);
    switch (activation.kind) {
      case 'unchanged':
        console.log(`The model ${request.model} answers searches already.`);
        return;
      case 'activated': {
        console.log(`The model ${request.model} answers searches now, in every server within two seconds.`);
        const { previous } = activation;
        if (previous !== null) console.log(`To go back: lookalike models activate ${previous.name}`);
        return;
      }
      case 'notCovered':
        throw new AppError('CONFLICT', notCovered(activation));
      case 'noIndex':
        throw new AppError('CONFLICT', noIndex(activation.model));
      case 'unknownModel':
        throw new AppError('NOT_FOUND', unknownModel(activation));
    }
  });
}

/**
 * `lookalike models drop`: removes a model and all that belongs to it.
 *
 * @throws AppError where there is no such model, it answers searches, has an active backfill, or is in use.
 */
export async function dropCommand(config: Config, model: string): Promise<void> {
  await withClosers(config, openModels, async ({ models }) => {
    const drop = await models.drop(model);
    switch (drop.kind) {
      case 'dropped':
        console.log(`The model ${model} is gone, and all that belonged to it.`);
        return;
      case 'unknownModel':
        throw new AppError('NOT_FOUND', unknownModel(drop));
      case 'active':
      case 'filling':
      case 'inUse':
        throw new AppError('CONFLICT', notDropped(drop.model, drop.kind));
    }
  });
}
