/** Variables by name, as they were given. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that are lists of secrets, or one. */
const TOKENS = ['ADMIN_TOKEN', 'READ_TOKEN', 'HF_TOKEN'];

/** Shorter ones are part of too many words to be told apart from them. */
const SHORTEST = 4;

/**
 * Makes what takes secrets out of a text. No message has one; this is for those of other libraries, which nobody here has
 * written.
 *
 * @returns a function that gives the text with each secret of the environment, passwords of addresses included, as `…`.
 */
export function secretsHider(env: Environment): (text: string) => string {
  const tokens = TOKENS.flatMap((name) => (env[name] ?? '').split(',').map((token) => token.trim()));
  const passwords = Object.values(env).flatMap((value) => passwordsOf(value ?? ''));
  const secrets = [...new Set([...tokens, ...passwords])]
    .filter(({ length }) => length >= SHORTEST)
    .sort((one, other) => other.length - one.length);
  return (text) => secrets.reduce((left, secret) => left.replaceAll(secret, '…'), text);
}

/** As it is written, and as it is meant. */
function passwordsOf(value: string): string[] {
  const written = /^[a-z][a-z+]*:\/\/[^/@\s]*?:(.+)@/i.exec(value)?.[1];
  if (written === undefined) return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}
