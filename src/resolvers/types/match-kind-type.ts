import { registerEnumType } from 'type-graphql';

export const MatchKind = {
  SAME_IMAGE: 'SAME_IMAGE',
  NEAR_DUPLICATE: 'NEAR_DUPLICATE',
  SIMILAR: 'SIMILAR',
} as const;

registerEnumType(MatchKind, {
  name: 'MatchKind',
  description: 'How much alike two pictures are. Where one kind ends and the next begins is set for each model.',
  valuesConfig: {
    SAME_IMAGE: { description: 'The same file, or the same picture in another file.' },
    NEAR_DUPLICATE: {
      description:
        'Very likely the same picture with small changes: encoded anew, resized, trimmed or brightened a little.',
    },
    SIMILAR: { description: 'Another picture. How alike it is says the similarity.' },
  },
});
