import { LoadcastError } from '../../core/errors.js';
import { mostExtras } from '../../core/extra-input.js';
import type { Store } from '../../store/store.js';

/** @throws {LoadcastError} INVALID_INPUT if a series would have too many further inputs */
export async function assertFewExtras(
  store: Store,
  seriesId: string,
  more: readonly { readonly name: string }[],
): Promise<void> {
  if (more.length === 0) return;
  const names = new Set([...(await store.listExtras(seriesId)), ...more.map(({ name }) => name)]);
  if (names.size > mostExtras)
    throw new LoadcastError(
      'INVALID_INPUT',
      `The series "${seriesId}" would have ${names.size} extra inputs; at most ${mostExtras} are kept.`,
    );
}
