import { describe, expect, it } from 'vitest';
import { hourMs } from '../../src/core/time.js';
import { buildFeatureTable } from '../../src/features/build-feature-table.js';
import type { FeatureTable } from '../../src/features/feature-table.js';
import { naiveMember } from '../../src/models/naive/naive.js';

const options = { seed: 1, threads: 1, validationStart: null, steps: null };

/** Load is 1000 MW plus the hour of the week, 100 more each week, by the hours elapsed since `start`. */
function tableAt(
  start: string,
  originHours: number,
  missing: readonly number[] = [],
): FeatureTable {
  const startMs = Date.parse(start);
  const values = Float64Array.from(
    { length: originHours },
    (_, i) => 1000 + (i % 168) + 100 * Math.floor(i / 168),
  );
  for (const i of missing) values[i] = Number.NaN;
  const issuedAtMs = startMs + originHours * hourMs;
  return buildFeatureTable({
    history: {
      place: { zone: 'Europe/Paris', holidayRegion: null },
      load: { startMs, values },
      temperature: { startMs, values: new Float64Array(0) },
    },
    issuedAtMs,
    endMs: issuedAtMs + 72 * hourMs,
  });
}

async function forecast(table: FeatureTable): Promise<Float64Array> {
  const fitted = await naiveMember.fit(table, options);
  return fitted.predict(table).pointMw;
}

describe('naive', () => {
  it('repeats the same hour of the week before', async () => {
    const table = tableAt('2023-06-01T00:00:00Z', 500);
    expect(await forecast(table)).toEqual(table.loadMw.slice(500 - 168, 500 - 168 + 72));
  });

  it('takes a week further back where the last is missing', async () => {
    const table = tableAt('2023-06-01T00:00:00Z', 500, [340]);
    const point = await forecast(table);
    expect(point[8]).toBe(table.loadMw[340 - 168]);
    expect(point[9]).toBe(table.loadMw[341]);
  });

  it('keeps to the local clock over a clock change', async () => {
    const table = tableAt('2023-03-10T23:00:00Z', 24 * 16); // issued 2023-03-26T23:00Z, after the change
    const point = await forecast(table);
    expect(table.calendar.hour[table.originIndex]).toBe(1);
    expect(point[0]).toBe(table.loadMw[table.originIndex - 167]); // 01:00 of the week before
  });

  it('needs a week', async () => {
    const table = { ...tableAt('2023-06-01T00:00:00Z', 200), originIndex: 100 };
    expect(() => naiveMember.fit(table, options)).toThrow(/Need 169 h .* have 100 h/);
  });

  it('is the same after saving, and refuses another model', async () => {
    const table = tableAt('2023-06-01T00:00:00Z', 500);
    const saved = (await naiveMember.fit(table, options)).save();
    const restored = await naiveMember.restore(saved);
    expect(restored.predict(table).pointMw).toEqual(await forecast(table));
    expect(() => naiveMember.restore({ ...saved, name: 'lstm' })).toThrow(/"lstm"/);
  });
});
