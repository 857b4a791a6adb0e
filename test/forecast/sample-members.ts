import { InsufficientHistoryError, LoadcastError } from '../../src/core/errors.js';
import { usualHorizonHours as horizonHours } from '../../src/core/horizon.js';
import type { PastForecast } from '../../src/ensemble/past-forecast.js';
import type { FeatureTable } from '../../src/features/feature-table.js';
import type { Bundle } from '../../src/forecast/bundle.js';
import type { FittedMember, Member } from '../../src/models/member.js';
import { naiveMember } from '../../src/models/naive/naive.js';

const name = 'recent-days';

/**
 * A small honest member: the mean of the same hour over the last days, scaled by what that was off on average in the
 * training rows, plus a little for each degree.
 */
export const recentDaysMember: Member = {
  name,
  requiredHours: 10 * 24,
  contextHours: 7 * 24,
  fit: (table, options) => {
    const rows = options.validationStart ?? table.originIndex;
    if (rows < recentDaysMember.requiredHours)
      throw new InsufficientHistoryError(recentDaysMember.requiredHours, rows, name);
    let actual = 0;
    let predicted = 0;
    for (let row = 8 * 24; row < rows; row++) {
      actual += table.loadMw[row] ?? 0;
      predicted += meanOfDays(table, row, 1);
    }
    return Promise.resolve(fittedRecentDays(actual / predicted));
  },
  restore: (saved) => {
    const { manifest } = saved;
    const known = typeof manifest === 'object' && manifest !== null && 'scale' in manifest;
    if (!known || typeof manifest.scale !== 'number')
      throw new LoadcastError('DAMAGED_MODEL', 'recent-days has no scale');
    return Promise.resolve(fittedRecentDays(manifest.scale));
  },
};

function fittedRecentDays(scale: number): FittedMember {
  return {
    name,
    facts: { scale },
    curves: [],
    steps: null,
    predict: (table) => {
      const pointMw = Float64Array.from({ length: table.length - table.originIndex }, (_, lead) => {
        const row = table.originIndex + lead;
        const daysBack = Math.floor(lead / 24) + 1;
        const degrees = table.hasTemperature ? (table.temperatureC[row] ?? 0) : 0;
        return scale * meanOfDays(table, row, daysBack) * (1 + 0.0005 * degrees);
      });
      return { pointMw };
    },
    save: () => ({ name, manifest: { scale }, weights: new Uint8Array([1, 2, 3]) }),
    dispose: () => undefined,
  };
}

function meanOfDays(table: FeatureTable, row: number, firstDay: number): number {
  let sum = 0;
  for (let day = firstDay; day < firstDay + 5; day++) sum += table.loadMw[row - 24 * day] ?? 0;
  return sum / 5;
}

/** A fitted member with the given answer. */
export function fittedMember(
  memberName: string,
  answer: (lead: number, table: FeatureTable) => number,
): FittedMember {
  return {
    name: memberName,
    facts: {},
    curves: [],
    steps: null,
    predict: (table) => ({
      pointMw: Float64Array.from({ length: horizonHours }, (_, lead) => answer(lead, table)),
    }),
    save: () => ({ name: memberName, manifest: null, weights: new Uint8Array(0) }),
    dispose: () => undefined,
  };
}

/** The naive member needs nothing of a table but its length. */
export async function fittedNaive(): Promise<FittedMember> {
  const stored = { name: 'naive', manifest: {}, weights: new Uint8Array(0) };
  return naiveMember.restore(stored);
}

export function bundleOf(
  fitted: readonly FittedMember[],
  past: readonly PastForecast[] = [],
  notFitted: Readonly<Record<string, string>> = {},
): Bundle {
  const names = [...fitted.map((member) => member.name), ...Object.keys(notFitted)];
  return {
    id: 'sample-bundle',
    fitted,
    past,
    card: {
      bundleId: 'sample-bundle',
      seriesId: 'sample',
      trainedAtMs: 0,
      seed: 1,
      firstHourMs: 0,
      endMs: 0,
      validationStartMs: null,
      testStartMs: null,
      temperatureSource: 'actual',
      members: names.map((memberName) => ({
        name: memberName,
        version: `${memberName}-v1`,
        facts: {},
        notFitted: notFitted[memberName] ?? null,
        fitSeconds: 0,
        curves: [],
        test: null,
      })),
      test: null,
      testNaive: null,
    },
  };
}
