import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskProgress } from '../../src/core/task-progress.js';
import { crossValidateSeries } from '../../src/jobs/cross-validate-series.js';
import { openJobHome, storeSeries, type JobHome } from './job-home.js';

let home: JobHome;
beforeAll(async () => {
  home = await openJobHome();
});
afterAll(() => home.close());

const tiny = {
  units: 8,
  headUnits: 8,
  seeds: 1,
  batchRows: 16,
  steps: { base: 4, perYear: 0 },
};

test.each([
  ['rolling', ['all']],
  ['blocked', ['naive', 'prophet', 'additive', 'lstm']],
] as const)(
  '%s folds of the example series, members %s, in a job thread',
  async (scheme, members) => {
    const series = await storeSeries(home, 130);
    const told: TaskProgress[] = [];
    const services = { ...home.services, lstm: tiny };
    const choice = {
      scheme,
      folds: 2,
      windowDays: null,
      weather: 'model',
      members,
    } as const;
    const result = await crossValidateSeries(services, series, choice, {
      onProgress: (progress) => told.push(progress),
    });
    expect(result.folds.map((fold) => fold.failures)).toEqual([{}, {}]);
    const { naive, prophet, lstm } = result.pooled.members;
    expect([naive?.all.n, prophet?.all.n, lstm?.all.n]).toEqual(
      [0, 0, 0].map(() => 72 * result.pooled.forecasts),
    );
    // four steps teach the LSTM nothing, 65 days and more Prophet much
    expect(prophet?.all.mape).toBeLessThan(naive?.all.mape ?? NaN);
    expect(lstm?.all.mape).toBeGreaterThan(naive?.all.mape ?? NaN);
    expect(result.folds.every((fold) => (fold.fitSeconds['lstm'] ?? 0) > 0)).toBe(true);
    expect(told).toContainEqual({ phase: 'fold 2 of 2' });
    expect(told).toContainEqual(
      expect.objectContaining({ phase: 'fold 1 of 2', member: 'lstm', step: 4, steps: 4 }),
    );
  },
);
