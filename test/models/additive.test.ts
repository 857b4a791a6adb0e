import { describe, expect, it } from 'vitest';
import { hourMs, localInstants } from '../../src/core/time.js';
import { buildFeatureTable } from '../../src/features/build-feature-table.js';
import { buildCalendar } from '../../src/features/calendar.js';
import { additiveMember } from '../../src/models/additive/additive.js';
import {
  splineBasis,
  splineFunctions,
  writeSpline,
  type SplineBasis,
} from '../../src/models/additive/b-spline.js';
import { cutRows, targetsOf } from '../../src/models/rows/cuts.js';
import { fitAdditive } from '../../src/models/additive/fit-additive.js';
import {
  momentsOfParts,
  solveRidge,
  standardise,
  standardOf,
} from '../../src/models/additive/ridge.js';
import { victoriaHistory } from '../features/victoria.js';

function splineAt(basis: SplineBasis, value: number): Float64Array {
  const out = new Float64Array(splineFunctions(basis));
  writeSpline(basis, value, out, 0);
  return out;
}

function fortyEighths(basis: SplineBasis, value: number): number[] {
  return Array.from(splineAt(basis, value), (each) => Number((48 * each).toFixed(9)));
}

describe('cubic B-splines', () => {
  const even: SplineBasis = { knots: [0, 1, 2, 3, 4] };

  it('are the cardinal ones on even knots', () => {
    // at a knot 1/6, 4/6, 1/6; half-way 1/48, 23/48, 23/48, 1/48; the first of all is left out
    expect(fortyEighths(even, 2)).toEqual([0, 8, 32, 8, 0, 0]);
    expect(fortyEighths(even, 0)).toEqual([32, 8, 0, 0, 0, 0]);
    expect(fortyEighths(even, 1.5)).toEqual([1, 23, 23, 1, 0, 0]);
    expect(fortyEighths(even, 3.5)).toEqual([0, 0, 1, 23, 23, 1]);
  });

  it('sum to one with the one that is left out', () => {
    const uneven: SplineBasis = { knots: [-5, 1, 2, 9, 30] };
    for (const value of [1, 1.7, 2, 8.9, 20, 30]) {
      const sum = splineAt(uneven, value).reduce((total, each) => total + each, 0);
      expect(sum).toBeCloseTo(1, 12); // beyond the first interval the one left out is zero
    }
  });

  it('go on straight beyond both ends', () => {
    for (const [end, step] of [
      [4, 1],
      [0, -1],
    ] as const) {
      const [a, b, c] = [0, 1, 2].map((i) => splineAt(even, end + i * step));
      for (const [j, value] of c!.entries()) {
        expect(value - b![j]!).toBeCloseTo(b![j]! - a![j]!, 9);
        const inside = splineAt(even, end - 1e-3 * step)[j]!;
        expect(b![j]! - a![j]!).toBeCloseTo((a![j]! - inside) * 1e3, 2);
      }
    }
  });

  it('take even knots where quantiles coincide', () => {
    expect(splineBasis(Float64Array.of(3, 0, 1, 2, 4), 3).knots).toEqual([0, 2, 4]);
    expect(splineBasis(Float64Array.of(0, 0, 0, 0, 0, 0, 9), 4).knots).toEqual([0, 3, 6, 9]);
  });
});

describe('ridge', () => {
  // y = 1 + 2 x, x of mean 0 and deviation 1
  const x = Float64Array.of(-1, 1, -1, 1, 0);
  const y = Float64Array.of(-1, 3, -1, 3, 99);
  const weights = Float64Array.of(1, 1, 1, 1, 0);
  const fit = (penalty: number): Float64Array => {
    const columns = [x.slice()];
    standardise(columns, standardOf(columns, weights));
    const [moments] = momentsOfParts(columns, y, weights, new Uint8Array(5), 1);
    return solveRidge(moments!, penalty);
  };

  it('without a penalty is least squares, and rows of weight zero do not count', () => {
    const [constant, slope] = fit(1e-12);
    expect([constant, slope]).toEqual([expect.closeTo(1, 9), expect.closeTo(2, 9)]);
  });

  it('halves a coefficient with a penalty of as many rows, and leaves the constant', () => {
    const [constant, slope] = fit(4);
    expect([constant, slope]).toEqual([expect.closeTo(1, 9), expect.closeTo(1, 9)]);
  });
});

describe('cuts', () => {
  const zone = 'Europe/Berlin';
  const place = { ...victoriaHistory(24).place, zone };
  const on = (date: string) => {
    const [startMs] = localInstants(zone, date, date);
    const calendar = buildCalendar(place, startMs! - 24 * hourMs, 96);
    return (hour: number): number[] => [...new Set(cutRows(calendar, hour))];
  };

  it('fall on their hour across both clock changes', () => {
    const spring = on('2023-03-26');
    expect(spring(0)).toEqual([0, 24, 47, 71, 95]);
    // 2 o'clock does not come
    expect(spring(2)).toEqual([-1, 2, 26, 49, 73]);
    const autumn = on('2023-10-29');
    expect(autumn(0)).toEqual([0, 24, 49, 73]);
    // twice 2 o'clock: the first
    expect(autumn(2)).toEqual([-1, 2, 26, 51, 75]);
  });

  it('lie before each target by its lead day, and the anchor before the cut', () => {
    const [startMs] = localInstants(zone, '2023-01-01', '2023-01-01');
    const calendar = buildCalendar(place, startMs!, 24 * 10);
    const cutOf = cutRows(calendar, 9);
    const rows = Int32Array.of(24 * 5 + 8, 24 * 5 + 9);
    expect(targetsOf(calendar, cutOf, rows, 1)).toEqual({
      rows,
      anchors: Int32Array.of(24 * 4 + 8, 24 * 4 + 9),
      cuts: Int32Array.of(24 * 4 + 9, 24 * 5 + 9),
    });
    expect(targetsOf(calendar, cutOf, rows, 3).cuts).toEqual(Int32Array.of(24 * 2 + 9, 24 * 3 + 9));
  });
});

describe('the additive model', () => {
  const whole = victoriaHistory();
  const { startMs } = whole.load;
  const fitHours = 24 * 120;
  const tableAt = (originHours: number, horizon: number, values = whole.load.values) => {
    const issuedAtMs = startMs + originHours * hourMs;
    const history = { ...whole, load: { startMs, values } };
    return buildFeatureTable({ history, issuedAtMs, endMs: issuedAtMs + horizon * hourMs });
  };
  const options = { seed: 1, threads: 1, validationStart: null, steps: null };

  it('is foretold out of fold by ridges that do not know the load', () => {
    const table = tableAt(fitHours, 0);
    const row = 24 * 80 + 12;
    const loadMw = table.loadMw.map((mw, i) => (i === row ? 2 * mw : mw));
    const [before, after] = [table, { ...table, loadMw }].map(
      (each) => fitAdditive(each, fitHours).outOfFold[0]!,
    );
    // Of log 2 a ridge that knew it would take a third and more.
    expect(Math.abs(after![0]![row]! - before![0]![row]!)).toBeLessThan(0.02);
    expect(before!.map((fitted) => fitted.length)).toEqual(Array(4).fill(fitHours));
    expect(before![2]!.subarray(24 * 24).every(Number.isFinite)).toBe(true);
  });

  it('has ridges of their own for further hours at which loads end', async () => {
    const table = tableAt(fitHours, 0);
    const [midnight, morning] = await Promise.all(
      [[0], [0, 9]].map((loadEndHours) => additiveMember.fit(table, { ...options, loadEndHours })),
    );
    expect(morning!.facts['known up to']).toBe('0 h, 9 h');
    const at = (hours: number) => {
      const ahead = tableAt(fitHours + hours, 72);
      return [morning!, midnight!].map((fitted) => fitted.predict(ahead).pointMw);
    };
    const [same, asBefore] = at(24);
    expect(same).toEqual(asBefore);
    const [own, corrected] = at(24 + 9);
    expect(own).not.toEqual(corrected);
    for (const [lead, mw] of own!.entries()) expect(mw / corrected![lead]!).toBeCloseTo(1, 0);
  });

  it('goes back to an earlier cut where the last loads have not come', async () => {
    const fitted = await additiveMember.fit(tableAt(fitHours, 0), options);
    const late = whole.load.values.slice().fill(Number.NaN, fitHours - 14, fitHours);
    const point = fitted.predict(tableAt(fitHours, 72, late)).pointMw;
    const earlier = fitted.predict(tableAt(fitHours - 14, 86)).pointMw.subarray(14);
    // the same cut, the same knowledge: what was imputed since is not read
    for (const [lead, mw] of point.entries()) expect(mw / earlier[lead]!).toBeCloseTo(1, 9);
  });
});
