import { expect, it } from 'vitest';
import { fuzzFiles } from './fuzz-files.js';

it('a CSV file, however spoilt, is refused in words or read with every row accounted for', async () => {
  const { problems, outcomes, stored } = await fuzzFiles(1, 600, 20);
  expect(problems).toEqual([]);
  expect(outcomes['read']).toBeGreaterThan(150);
  expect(stored).toBeGreaterThan(5);
});
