/**
 * The headers of a request: what was typed in GraphiQL's own editor, and the admin token where nothing else was typed for it.
 *
 * @param typed - as the editor has them: names in any case, values of any kind.
 */
export function requestHeaders(typed: Readonly<Record<string, unknown>>, token: string | null): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(typed)) headers.set(name, String(value));
  if (token !== null && !headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
  return headers;
}
