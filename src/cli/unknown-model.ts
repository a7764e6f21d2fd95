import { AppError } from '../errors.js';
import type { UnknownModel } from '../services/model-room.js';

/** What a command says where it was asked for a model that there is no room for. */
export function unknownModel({ model, known }: UnknownModel): AppError {
  return new AppError('NOT_FOUND', `There is no model "${model}" here. There are: ${known.join(', ')}.`);
}
