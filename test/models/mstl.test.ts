import { describe, expect, it } from 'vitest';
import type { History } from '../../src/core/history.js';
import { hourMs, localInstants } from '../../src/core/time.js';
import { buildFeatureTable } from '../../src/features/build-feature-table.js';
import type { FeatureTable } from '../../src/features/feature-table.js';
import { mstlMember } from '../../src/models/mstl/mstl.js';
import { naiveMember } from '../../src/models/naive/naive.js';
import { victoriaHistory } from '../features/victoria.js';

const whole = victoriaHistory();
const { startMs } = whole.load;
const options = { seed: 1, threads: 1, validationStart: null, steps: null };

function tableAt(originHours: number, horizon: number, history: History = whole): FeatureTable {
  const issuedAtMs = startMs + originHours * hourMs;
  return buildFeatureTable({ history, issuedAtMs, endMs: issuedAtMs + horizon * hourMs });
}

/** Hour of the morning with the largest rise. */
function steepest(course: Float64Array): number {
  const rise = (hour: number): number => course[hour]! - course[hour - 1]!;
  return [4, 5, 6, 7, 8, 9].toSorted((x, y) => rise(y) - rise(x))[0]!;
}

describe('mstl', async () => {
  const fitted = await mstlMember.fit(tableAt(60 * 24, 0), options);

  it('is ahead of seasonal naive without any weather', async () => {
    const naive = await naiveMember.fit(tableAt(60 * 24, 0), options);
    let [error, naiveError] = [0, 0];
    // not in the first weeks, whose windows hold the turn of the year
    for (let day = 80; day < 350; day += 9) {
      const table = tableAt(24 * day, 72);
      const [point, repeated] = [fitted, naive].map((member) => member.predict(table).pointMw);
      for (let lead = 0; lead < 72; lead++) {
        const actual = whole.load.values[24 * day + lead]!;
        error += Math.abs(point![lead]! - actual);
        naiveError += Math.abs(repeated![lead]! - actual);
      }
    }
    expect(error / naiveError).toBeLessThan(0.85);
  });

  it('gives the same twice, restored too, and reads no more than six weeks', async () => {
    const table = tableAt(100 * 24, 72);
    const { pointMw } = fitted.predict(table);
    expect(fitted.predict(table).pointMw).toEqual(pointMw);
    const saved = fitted.save();
    const restored = await mstlMember.restore({
      ...saved,
      manifest: JSON.parse(JSON.stringify(saved.manifest)),
    });
    const short = buildFeatureTable({
      history: whole,
      issuedAtMs: startMs + 100 * 24 * hourMs,
      startMs: startMs + (100 * 24 - mstlMember.contextHours) * hourMs,
      endMs: startMs + (100 * 24 + 72) * hourMs,
    });
    expect(restored.predict(short).pointMw).toEqual(pointMw);
  });

  it('goes by the clock: after it was put back the morning comes when people get up', () => {
    const [midnight = Number.NaN] = localInstants(whole.place.zone, '2014-04-07', '2014-04-07');
    const table = tableAt((midnight - startMs) / hourMs, 72);
    const { pointMw } = fitted.predict(table);
    // a week and an hour before: the Sunday between has 25 hours
    const before = table.loadMw.subarray(table.originIndex - 169, table.originIndex - 145);
    expect(steepest(pointMw)).toBe(steepest(before));
  });

  it('takes net load below zero', async () => {
    const net = {
      ...whole,
      load: { startMs, values: whole.load.values.map((mw) => mw - 4500) },
    };
    const model = await mstlMember.fit(tableAt(60 * 24, 0, net), options);
    const { pointMw } = model.predict(tableAt(100 * 24, 168, net));
    expect(pointMw).toHaveLength(168);
    expect(pointMw.every((mw) => mw > -2500 && mw < 5500)).toBe(true);
  });

  it('says how much history it needs, and refuses what is no model of it', async () => {
    await expect(async () => mstlMember.fit(tableAt(671, 0), options)).rejects.toThrow(
      'Need 672 h',
    );
    for (const part of [{ name: 'naive' }, { manifest: { kind: 'log' } }, { manifest: null }])
      await expect(async () =>
        mstlMember.restore({ ...fitted.save(), ...part }),
      ).rejects.toMatchObject({ code: 'DAMAGED_MODEL' });
  });
});
