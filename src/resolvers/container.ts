import type { ClassType, ContainerType } from 'type-graphql';

/** Gives type-graphql the instances that app.ts made; it makes none by itself. */
export function makeContainer(instances: readonly object[]): ContainerType {
  const byClass = new Map<unknown, object>(instances.map((instance) => [instance.constructor, instance]));
  return {
    get(resolverClass: ClassType) {
      const instance = byClass.get(resolverClass);
      if (instance === undefined) throw new TypeError(`${resolverClass.name} is not wired in app.ts.`);
      return instance;
    },
  };
}
