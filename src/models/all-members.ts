import { LoadcastError } from '../core/errors.js';
import { createLstmMember, lstmMember, stackedLstmMember } from './lstm/lstm.js';
import { recipeOf, type LstmOptions } from './lstm/lstm-options.js';
import { additiveMember } from './additive/additive.js';
import { boostingMember, stackedBoostingMember } from './boosting/boosting.js';
import { stackedRecipe } from './lstm/recipe.js';
import type { Member } from './member.js';
import { mstlMember } from './mstl/mstl.js';
import { naiveMember } from './naive/naive.js';
import { prophetMember } from './prophet/prophet.js';
import { similarDayMember } from './similar-day/similar-day.js';

/** Every member there is, the baseline first. */
export const allMembers: readonly Member[] = [
  naiveMember,
  prophetMember,
  additiveMember,
  boostingMember,
  stackedBoostingMember,
  lstmMember,
  stackedLstmMember,
  similarDayMember,
  mstlMember,
];

/**
 * @param names as on the command line; `all` alone = every member
 * @param lstm what the LSTMs are trained with, where that is not the default; of no effect on one that is restored
 * @throws {LoadcastError} INVALID_INPUT naming the unknown member and those there are
 */
export function membersByName(names: readonly string[], lstm: LstmOptions = {}): readonly Member[] {
  const members = allMembers.map((member) => {
    if (member === lstmMember) return createLstmMember(recipeOf(lstm));
    if (member !== stackedLstmMember) return member;
    return createLstmMember(recipeOf(lstm, stackedRecipe), 'lstm-stacked');
  });
  if (names.length === 1 && names[0] === 'all') return members;
  return [...new Set(names)].map((name) => {
    const member = members.find((candidate) => candidate.name === name);
    if (member) return member;
    throw new LoadcastError(
      'INVALID_INPUT',
      `There is no member "${name}"; there are ${allMembers.map((m) => m.name).join(', ')}, or all.`,
    );
  });
}
