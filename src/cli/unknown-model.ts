import { AppError } from '../errors.js';
import { notToEmbedWith, type UnknownModel } from '../services/model-room.js';

/** What a command says where it was asked to embed with a model that there is not. */
export function unknownModel(unknown: UnknownModel): AppError {
  return new AppError('NOT_FOUND', notToEmbedWith(unknown));
}
