import { LoadcastError } from '../core/errors.js';
import { createLstmMember, lstmMember } from './lstm/lstm.js';
import { recipeOf, type LstmOptions } from './lstm/lstm-options.js';
import { additiveMember } from './additive/additive.js';
import { boostingMember, stackedBoostingMember } from './boosting/boosting.js';
import type { Member } from './member.js';
import { naiveMember } from './naive/naive.js';
import { prophetMember } from './prophet/prophet.js';

/** Every member there is, the baseline first. */
export const allMembers: readonly Member[] = [
  naiveMember,
  prophetMember,
  additiveMember,
  boostingMember,
  stackedBoostingMember,
  lstmMember,
];

/**
 * @param names as on the command line; `all` alone = every member
 * @param lstm what the LSTM is trained with, where that is not the default; of no effect on one that is restored
 * @throws {LoadcastError} INVALID_INPUT naming the unknown member and those there are
 */
export function membersByName(names: readonly string[], lstm: LstmOptions = {}): readonly Member[] {
  const members = allMembers.map((member) =>
    member === lstmMember ? createLstmMember(recipeOf(lstm)) : member,
  );
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
