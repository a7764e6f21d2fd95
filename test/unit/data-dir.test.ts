import { describe, expect, it } from 'vitest';
import { translateFolderError } from '../../src/db/data-dir.js';
import { ServiceUnavailableError } from '../../src/errors.js';

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: not here, '/secret/place'`), { code });
}

describe('an error of the data folder', () => {
  it.each([
    [
      'EACCES',
      "The data folder can't be written (EACCES). Give this user the right to write it, or set DATA_DIR to another folder.",
    ],
    [
      'EROFS',
      "The data folder can't be written (EROFS). Give this user the right to write it, or set DATA_DIR to another folder.",
    ],
    [
      'ENOSPC',
      'The disk of the data folder is full (ENOSPC). Free some space, or set DATA_DIR to a folder on another disk.',
    ],
    [
      'ENOTDIR',
      "The data folder can't be made, for a file is in its place. Remove the file, or set DATA_DIR to another folder.",
    ],
  ])('with %s says what to do', (code, message) => {
    const cause = systemError(code);
    expect(translateFolderError(cause)).toEqual(new ServiceUnavailableError(message, { cause, logLevel: 'error' }));
  });

  it('of another kind comes back as it is', () => {
    const error = systemError('EMFILE');
    expect(translateFolderError(error)).toBe(error);
  });
});
