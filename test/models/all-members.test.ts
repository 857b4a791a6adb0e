import { expect, test } from 'vitest';
import { memberNames } from '../../src/core/member-names.js';
import { allMembers, membersByName } from '../../src/models/all-members.js';

test('the names that a configuration may hold are those of the members there are', () => {
  expect(allMembers.map(({ name }) => name)).toEqual([...memberNames]);
  expect(membersByName(['lstm', 'naive', 'lstm']).map(({ name }) => name)).toEqual([
    'lstm',
    'naive',
  ]);
});
