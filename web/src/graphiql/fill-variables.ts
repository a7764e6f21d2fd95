/** A part of JSON that may have comments: a string, a comment, a sign, or a number or word; else whatever does not belong. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"|\/\/.*|\/\*[^]*?\*\/|[{}[\]:,]|[^\s{}[\]:,"/]+|\S/g;

interface Token {
  text: string;
  start: number;
  end: number;
  /** How many braces and brackets are open around it. Those that open and close have the same. */
  depth: number;
}

/**
 * Gives variables a value, and leaves all else as it was written, comments too.
 *
 * @param json - an object as JSON, with comments and trailing commas, as GraphiQL's editor allows; empty is `{}`.
 * @throws SyntaxError where it is something else.
 */
export function fillVariables(json: string, names: readonly string[], value: string): string {
  const text = json.trim() === '' ? '{}' : json;
  return names.reduce((filled, name) => fillVariable(filled, name, JSON.stringify(value)), text);
}

function fillVariable(text: string, name: string, value: string): string {
  const tokens = tokensOf(text);
  const known = parseObject(tokens);
  const place = placeOf(tokens, name);
  if (place !== null) return text.slice(0, place.start) + value + text.slice(place.end);
  const inside = tokens[0]?.end ?? 0;
  const entry = `\n  ${JSON.stringify(name)}: ${value}${Object.keys(known).length === 0 ? '\n' : ','}`;
  return text.slice(0, inside) + entry + text.slice(inside);
}

/** Without its comments. */
function tokensOf(text: string): Token[] {
  let open = 0;
  return [...text.matchAll(TOKEN)]
    .filter(([found]) => !/^\/[/*]/.test(found))
    .map(({ 0: found, index }) => {
      if (/^[}\]]$/.test(found)) open -= 1;
      const token = { text: found, start: index, end: index + found.length, depth: open };
      if (/^[{[]$/.test(found)) open += 1;
      return token;
    });
}

/** @throws SyntaxError */
function parseObject(tokens: readonly Token[]): object {
  const texts = tokens.map((token) => token.text);
  const isTrailing = (text: string, index: number): boolean => text === ',' && /^[}\]]$/.test(texts[index + 1] ?? '');
  const parsed: unknown = JSON.parse(texts.filter((text, index) => !isTrailing(text, index)).join(' '));
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw new SyntaxError('The variables are not a JSON object.');
}

/** Where the value of a key of the object itself is: of several the last, which is the one that counts. Null without any. */
function placeOf(tokens: readonly Token[], name: string): { start: number; end: number } | null {
  const key = tokens.findLastIndex(
    ({ text, depth }, index) => depth === 1 && tokens[index + 1]?.text === ':' && JSON.parse(text) === name,
  );
  const first = tokens[key + 2];
  if (key === -1 || first === undefined) return null;
  const isWhole = !/^[{[]$/.test(first.text);
  const last = isWhole ? first : tokens.find(({ depth }, index) => index > key + 2 && depth === 1);
  return last === undefined ? null : { start: first.start, end: last.end };
}
