import type { LookalikeError } from '@lookalike/apollo';

/** What went wrong, for an admin: the server's own sentence, where there is one that says enough. */
export function adminSentence({ code, message }: LookalikeError): string {
  if (code === 'NETWORK_ERROR') return 'The server does not answer. Check that it runs, then try again.';
  if (code === 'UNAUTHENTICATED') {
    return 'This was not done, because the admin token was no longer accepted. Do it again.';
  }
  return message;
}
