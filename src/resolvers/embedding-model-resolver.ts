import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Arg, Authorized, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Coverage, CoverageService } from '../services/coverage.js';
import type { StoredModel } from '../services/embedding-model-store.js';
import {
  noIndex,
  notCovered,
  notDropped,
  stateOf,
  unknownModel,
  type Activation,
  type Drop,
  type EmbeddingModels,
  type EmbeddingModelState as State,
} from '../services/embedding-models.js';
import type { ServingModel } from '../services/serving-model.js';
import type { Role } from './context.js';
import { orUserError } from './or-user-error.js';
import type { UserErrorType } from './types/backfill-payload-types.js';
import {
  ActivateEmbeddingModelInput,
  ActivateEmbeddingModelPayloadType,
  DropEmbeddingModelInput,
  DropEmbeddingModelPayloadType,
} from './types/embedding-model-payload-types.js';
import { EmbeddingModelState, EmbeddingModelType } from './types/embedding-model-types.js';
import { EmbeddingCoverageType } from './types/embedding-status-types.js';

@Resolver(() => EmbeddingModelType)
export class EmbeddingModelResolver {
  constructor(
    private readonly models: EmbeddingModels,
    private readonly serving: Pick<ServingModel, 'list'>,
    private readonly coverages: CoverageService,
  ) {}

  @Query(() => [EmbeddingModelType], {
    description: 'The models that there is room for, side by side, by name. One of them answers searches.',
  })
  embeddingModels(): Promise<EmbeddingModelType[]> {
    return this.models.list();
  }

  @FieldResolver(() => EmbeddingModelState, { description: 'What it is there for at the moment.' })
  async state(@Root() model: EmbeddingModelType): Promise<State> {
    const stored = await this.find(model);
    return stored === null ? 'STANDBY' : stateOf(stored);
  }

  @FieldResolver(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When it last began to answer searches; null where it never did.',
  })
  async activatedAt(@Root() model: EmbeddingModelType): Promise<string | null> {
    return (await this.find(model))?.activatedAt ?? null;
  }

  @FieldResolver(() => Int, {
    description:
      'How many embeddings it has, also of images that the catalogue no longer has. As old as the coverage may be.',
  })
  embeddings(@Root() model: EmbeddingModelType): Promise<number> {
    return this.coverages.embeddingCount(model.name);
  }

  @FieldResolver(() => EmbeddingCoverageType, {
    description:
      'How much of the catalogue it has embedded. May be some seconds old, and up to a minute where the catalogue is very large.',
  })
  coverage(@Root() model: EmbeddingModelType): Promise<Coverage> {
    return this.coverages.current(model.name);
  }

  @Authorized<Role>('ADMIN')
  @Mutation(() => ActivateEmbeddingModelPayloadType, {
    nullable: true,
    description: `Lets a model answer searches instead of the one that does: at once, in every server within two seconds, and without a
restart. To go back, activate the old one. Activating the one that answers changes nothing.`,
  })
  async activateEmbeddingModel(
    @Arg('input', () => ActivateEmbeddingModelInput, { description: 'Which model.' })
    { model, minCoverage }: ActivateEmbeddingModelInput,
  ): Promise<ActivateEmbeddingModelPayloadType> {
    const result = await orUserError(() => this.models.activate({ model, minCoverage }));
    return result.kind === 'userError' ? notActivated(result.error) : toActivationPayload(result);
  }

  @Authorized<Role>('ADMIN')
  @Mutation(() => DropEmbeddingModelPayloadType, {
    nullable: true,
    description: `Removes a model with its embeddings, its ended backfills and the query images that were made with it. The model that
answers searches can't be dropped, nor one with a backfill that has not ended.`,
  })
  async dropEmbeddingModel(
    @Arg('input', () => DropEmbeddingModelInput, { description: 'Which model.' }) { model }: DropEmbeddingModelInput,
  ): Promise<DropEmbeddingModelPayloadType> {
    return toDropPayload(await this.models.drop(model));
  }

  /** The row that it came with, else one that is a second old at most; null where it was dropped meanwhile. */
  private async find(model: EmbeddingModelType | StoredModel): Promise<StoredModel | null> {
    if ('isActive' in model) return model;
    return (await this.serving.list()).find(({ name }) => name === model.name) ?? null;
  }
}

function toActivationPayload(activation: Activation): ActivateEmbeddingModelPayloadType {
  switch (activation.kind) {
    case 'activated':
      return { model: activation.model, previousModel: activation.previous, userErrors: [] };
    case 'unchanged':
      return { model: activation.model, previousModel: null, userErrors: [] };
    case 'notCovered':
      return notActivated({ field: ['input', 'minCoverage'], code: 'CONFLICT', message: notCovered(activation) });
    case 'noIndex':
      return notActivated({ field: ['input', 'model'], code: 'CONFLICT', message: noIndex(activation.model) });
    case 'unknownModel':
      return notActivated({ field: ['input', 'model'], code: 'NOT_FOUND', message: unknownModel(activation) });
  }
}

function notActivated(error: UserErrorType): ActivateEmbeddingModelPayloadType {
  return { model: null, previousModel: null, userErrors: [error] };
}

function toDropPayload(drop: Drop): DropEmbeddingModelPayloadType {
  switch (drop.kind) {
    case 'dropped':
      return { droppedModel: drop.model, userErrors: [] };
    case 'unknownModel':
      return notDroppedAs('NOT_FOUND', unknownModel(drop));
    case 'active':
    case 'filling':
    case 'inUse':
      return notDroppedAs('CONFLICT', notDropped(drop.model, drop.kind));
  }
}

function notDroppedAs(code: UserErrorType['code'], message: string): DropEmbeddingModelPayloadType {
  return { droppedModel: null, userErrors: [{ field: ['input', 'model'], code, message }] };
}
