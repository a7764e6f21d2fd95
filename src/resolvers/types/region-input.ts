import { Field, Float, InputType } from 'type-graphql';

@InputType('RegionInput', {
  description: `A part of a photograph, in shares of its width and height as it stands upright: { x: 0, y: 0, width: 1, height: 1 } is
the whole.`,
})
export class RegionInput {
  @Field(() => Float, { description: 'Where its left edge is, from 0 at the left to 1.' })
  x!: number;

  @Field(() => Float, { description: 'Where its upper edge is, from 0 at the top to 1.' })
  y!: number;

  @Field(() => Float, { description: 'How wide it is, above 0; `x + width` is 1 at most.' })
  width!: number;

  @Field(() => Float, { description: 'How high it is, above 0; `y + height` is 1 at most.' })
  height!: number;
}
