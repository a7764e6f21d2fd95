import { formatCount } from './format-price.js';

/** "1 image", "12,340 images". */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : several}`;
}
