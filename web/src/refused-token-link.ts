import { ErrorLink } from '@apollo/client/link/error';
import { toLookalikeError } from '@lookalike/apollo';
import { readAdminToken, refuseAdminToken } from './admin-token.js';

/** Notices when the server no longer accepts the admin token, whatever was asked with it. */
export const refusedTokenLink = new ErrorLink(({ error, operation }) => {
  const token = readAdminToken();
  if (token === null || toLookalikeError(error).code !== 'UNAUTHENTICATED') return;
  // An answer to an earlier token says nothing of the one that there is now.
  const { headers } = operation.getContext() as { headers?: { authorization?: string } };
  if (headers?.authorization === `Bearer ${token}`) refuseAdminToken();
});
