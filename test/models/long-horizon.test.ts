import { describe, expect, test } from 'vitest';
import { hourMs, localInstants } from '../../src/core/time.js';
import { buildFeatureTable } from '../../src/features/build-feature-table.js';
import type { FeatureTable } from '../../src/features/feature-table.js';
import { membersByName } from '../../src/models/all-members.js';
import { cutRows, rowsBetween, targetsOf, weekBefore } from '../../src/models/rows/cuts.js';
import { victoriaHistory } from '../features/victoria.js';
import { present } from '../core/present.js';

// A week after which the clock goes forward: seven days before its last hour are 167 hours before it.
const history = { ...victoriaHistory(), horizonHours: 168 };
const { startMs } = history.load;
const fitEndMs = present(localInstants('Australia/Melbourne', '2014-09-20', '2014-09-20')[0]);
const midnightMs = present(localInstants('Australia/Melbourne', '2014-09-30', '2014-09-30')[0]);

function table(issuedAtMs: number, horizonHours: number): FeatureTable {
  const endMs = issuedAtMs + horizonHours * hourMs;
  return buildFeatureTable({ history, issuedAtMs, endMs });
}

const options = { seed: 1, threads: 2, validationStart: null, steps: 60 };

describe.each(membersByName(['all']))('$name', async (member) => {
  const fitted = await member.fit(table(fitEndMs, 0), options);

  test.each([0, 9, 23])('forecasts a week from %i:00, over a clock change', (hour) => {
    const issuedAtMs = midnightMs + hour * hourMs;
    const { pointMw } = fitted.predict(table(issuedAtMs, 168));
    expect(pointMw).toHaveLength(168);
    const first = (issuedAtMs - startMs) / hourMs;
    const errors = Array.from(pointMw, (mw, lead) => {
      const actualMw = present(history.load.values[first + lead]);
      return Math.abs(mw - actualMw) / actualMw;
    });
    const week = errors.reduce((sum, error) => sum + error, 0) / 168;
    const lastDay = errors.slice(-24).reduce((sum, error) => sum + error, 0) / 24;
    expect(week).toBeLessThan(0.12);
    expect(lastDay).toBeLessThan(0.15);
  });
});

test('the loads of a week before are those of two, where a forecast of a week cannot know them', () => {
  const { calendar, originIndex, length } = table(midnightMs, 168);
  const rows = rowsBetween(originIndex, length);
  const cutOf = cutRows(calendar, 0);
  const back = weekBefore(calendar, targetsOf(calendar, cutOf, rows, 8));
  expect(back.every((row) => row < originIndex)).toBe(true);
  expect(present(rows.at(-1)) - present(back.at(-1))).toBe(14 * 24 - 1);
  const near = weekBefore(calendar, targetsOf(calendar, cutOf, rows.subarray(0, 24), 1));
  expect(near).toEqual(rows.subarray(0, 24).map((row) => row - 168));
});

test('a network of another horizon is asked for nothing', async () => {
  const [lstm] = membersByName(['lstm']);
  const fitted = await present(lstm).fit(table(fitEndMs, 0), { ...options, steps: 1 });
  expect(() => fitted.predict(table(midnightMs, 72))).toThrow(
    'It was trained for 168 h, the forecast is of 72 h; train it again.',
  );
});
