import { LoadcastError } from '../core/errors.js';
import { lstmMember } from './lstm/lstm.js';
import type { Member } from './member.js';
import { naiveMember } from './naive/naive.js';
import { prophetMember } from './prophet/prophet.js';

/** Every member there is, the baseline first. */
export const allMembers: readonly Member[] = [naiveMember, prophetMember, lstmMember];

/**
 * @param names as on the command line; `all` alone = every member
 * @throws {LoadcastError} INVALID_INPUT naming the unknown member and those there are
 */
export function membersByName(names: readonly string[]): readonly Member[] {
  if (names.length === 1 && names[0] === 'all') return allMembers;
  return [...new Set(names)].map((name) => {
    const member = allMembers.find((candidate) => candidate.name === name);
    if (member) return member;
    throw new LoadcastError(
      'INVALID_INPUT',
      `There is no member "${name}"; there are ${allMembers.map((m) => m.name).join(', ')}, or all.`,
    );
  });
}
