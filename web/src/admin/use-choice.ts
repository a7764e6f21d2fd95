import { useState } from 'react';

export interface Choice {
  /** Of those that can be chosen, in their order. */
  chosen: readonly string[];
  isChosen: (id: string) => boolean;
  choose: (ids: readonly string[], isChosen: boolean) => void;
  clear: () => void;
}

/**
 * What is chosen of a list that changes meanwhile.
 *
 * @param ids - what can be chosen now.
 */
export function useChoice(ids: readonly string[]): Choice {
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const chosen = ids.filter((id) => marked.has(id));
  return {
    chosen,
    isChosen: (id) => chosen.includes(id),
    choose: (which, isChosen) => {
      const others = [...marked].filter((id) => !which.includes(id));
      setMarked(new Set(isChosen ? [...others, ...which] : others));
    },
    clear: () => setMarked(new Set()),
  };
}
