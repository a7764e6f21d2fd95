/**
 * Starts work on items while earlier results are still being used, and hands the results on in order.
 *
 * At most `ahead` results are under way beyond the one that is waited for. Whoever stops early must also tell the work
 * itself to stop: the generator ends only when everything it started has settled, so that nothing goes on unseen.
 *
 * @param start - may not throw; a rejection surfaces when that item's turn comes.
 */
export async function* mapAhead<Item, Result>(
  items: AsyncIterable<Item>,
  ahead: number,
  start: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const underWay: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      const result = start(item);
      // It is awaited in its turn; until then a rejection is not unhandled.
      result.catch(() => undefined);
      underWay.push(result);
      if (underWay.length > ahead) yield await takeFirst(underWay);
    }
    while (underWay.length > 0) yield await takeFirst(underWay);
  } finally {
    await Promise.allSettled(underWay);
  }
}

function takeFirst<Result>(underWay: Promise<Result>[]): Promise<Result> {
  const first = underWay.shift();
  if (first === undefined) throw new RangeError('There is nothing under way.');
  return first;
}
