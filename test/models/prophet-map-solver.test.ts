import type { ProphetOptimizer } from '@bsull/augurs/prophet';
import { optimizer as wasmstan } from '@bsull/augurs-prophet-wasmstan';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.js';
import { buildFeatureTable } from '../../src/features/build-feature-table.js';
import { endMs } from '../../src/core/hourly.js';
import { fitProphet } from '../../src/models/prophet/augurs.js';
import { crossProducts } from '../../src/models/linear/cross-products.js';
import {
  solveMap,
  solveMapInBlocks,
  type MapProblem,
  type MapSolution,
} from '../../src/models/prophet/map-solver.js';
import { parseStanData } from '../../src/models/prophet/stan-data.js';
import {
  buildTerms,
  dayTypeOfRows,
  dayTypes,
  seasonalitiesOf,
} from '../../src/models/prophet/terms.js';
import { victoriaHistory } from '../features/victoria.js';

type Parameters = Pick<MapSolution, 'k' | 'm' | 'delta' | 'beta' | 'sigmaObs'>;

function fittedValues({ t, tChange, columns }: MapProblem, p: Parameters): Float64Array {
  return t.map((time, i) => {
    let value = p.k * time + p.m;
    for (const [s, change] of tChange.entries())
      value += (p.delta[s] ?? Number.NaN) * Math.max(0, time - change);
    for (const [j, column] of columns.entries())
      value += (p.beta[j] ?? Number.NaN) * (column[i] ?? Number.NaN);
    return value;
  });
}

function normal(value: number, sigma: number): number {
  return -(value ** 2) / (2 * sigma ** 2);
}

function shifted(values: Float64Array, at: number, step: number): Float64Array {
  return values.map((value, i) => (i === at ? value + step : value));
}

function meanSquare(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0) / values.length;
}

/** Written out from prophet.stan, term by term. */
function logPosterior(problem: MapProblem, p: Parameters): number {
  let log = normal(p.k, 5) + normal(p.m, 5) + normal(p.sigmaObs, 0.5);
  for (const delta of p.delta) log -= Math.abs(delta) / problem.tau;
  for (const [j, beta] of p.beta.entries()) log += normal(beta, problem.sigmas[j] ?? Number.NaN);
  for (const [i, fitted] of fittedValues(problem, p).entries())
    log += normal((problem.y[i] ?? Number.NaN) - fitted, p.sigmaObs) - Math.log(p.sigmaObs);
  return log;
}

/** A trend with one bend, two waves and noise. */
function invented(rows: number): MapProblem {
  const random = createRandom(7);
  const t = Float64Array.from({ length: rows }, (_, i) => i / (rows - 1));
  const columns = [6, 14].map((f) => t.map((time) => Math.sin(2 * Math.PI * f * time)));
  const y = t.map(
    (time, i) =>
      0.4 +
      0.2 * time -
      0.5 * Math.max(0, time - 0.5) +
      0.3 * (columns[0]?.[i] ?? Number.NaN) +
      0.01 * random.normal(),
  );
  return { y, t, columns, sigmas: [1, 0.1], tau: 0.05, tChange: [0.1, 0.3, 0.5, 0.7] };
}

describe('solveMap', () => {
  it('finds the bend and the waves that made the data', () => {
    const solution = solveMap(invented(500));
    expect(solution.m).toBeCloseTo(0.4, 1);
    expect(solution.delta[2]).toBeCloseTo(-0.5, 1);
    expect(solution.beta[0]).toBeCloseTo(0.3, 2);
    expect(solution.beta[1]).toBeCloseTo(0, 2);
    expect(solution.sigmaObs).toBeCloseTo(0.01, 2);
  });

  it('stands on a maximum of the posterior: every step aside lowers it', () => {
    const problem = invented(300);
    const solution = solveMap(problem);
    const best = logPosterior(problem, solution);
    expect(solution.logPosterior).toBeCloseTo(best, 6);
    for (const step of [1e-3, -1e-3]) {
      const aside: Parameters[] = [
        { ...solution, k: solution.k + step },
        { ...solution, m: solution.m + step },
        { ...solution, sigmaObs: solution.sigmaObs + step },
        ...[0, 1, 2, 3].map((s) => ({ ...solution, delta: shifted(solution.delta, s, step) })),
        ...[0, 1].map((j) => ({ ...solution, beta: shifted(solution.beta, j, step) })),
      ];
      for (const parameters of aside) expect(logPosterior(problem, parameters)).toBeLessThan(best);
    }
  });

  it('gives residuals that are larger outside the fit than inside, and about as the noise', () => {
    const problem = invented(400);
    const { solution, outOfBlockResiduals } = solveMapInBlocks(problem, 4);
    expect(solution.beta[0]).toBeCloseTo(solveMap(problem).beta[0] ?? Number.NaN, 9);
    const inside = fittedValues(problem, solution).map(
      (fitted, i) => (problem.y[i] ?? Number.NaN) - fitted,
    );
    expect(meanSquare(outOfBlockResiduals)).toBeGreaterThan(meanSquare(inside));
    expect(meanSquare(outOfBlockResiduals)).toBeLessThan(0.001);
  });

  it('says so when the load is not finite', () => {
    const problem = invented(50);
    problem.y[3] = Number.NaN;
    expect(() => solveMap(problem)).toThrow(expect.objectContaining({ code: 'DIVERGED' }));
  });
});

describe('crossProducts', () => {
  it('is the product of every pair, whatever the number of columns and rows', () => {
    const random = createRandom(3);
    for (const [columns, rows] of [
      [1, 1],
      [5, 300],
      [8, 128],
    ] as const) {
      const z = Array.from({ length: columns }, () =>
        Float64Array.from({ length: rows }, () => random.normal()),
      );
      const { gram, size } = crossProducts(z);
      for (let a = 0; a < columns; a++)
        for (let b = 0; b <= a; b++)
          expect(gram[a * size + b]).toBeCloseTo(
            (z[a] ?? new Float64Array(0)).reduce(
              (sum, value, i) => sum + value * (z[b]?.[i] ?? Number.NaN),
              0,
            ),
            9,
          );
    }
  });
});

describe('beside the optimizer of Stan', () => {
  it('reaches at least its log posterior on the same data, and nearly its fit', () => {
    const history = victoriaHistory(24 * 60);
    const until = endMs(history.load);
    const table = buildFeatureTable({ history, issuedAtMs: until, endMs: until });
    const recipe = { yearlyOrder: 0, knots: [], smoothedKnots: [], holidayNames: [] };
    const terms = buildTerms(table, 0, table.length, recipe).filter(
      ({ kind }) => kind === 'seasonality',
    );
    let seen: { json: string; params: Parameters } | null = null;
    const spy: ProphetOptimizer = {
      optimize: (init, json, options) => {
        const result = wasmstan.optimize(init, json, options);
        seen = { json, params: result.params };
        return result;
      },
    };
    fitProphet(
      {
        localMs: table.calendar.localMs,
        y: table.loadMw.map((load) => Math.log(load / 4700)),
        seasonalities: seasonalitiesOf(recipe),
        dayTypes: dayTypeOfRows(table, 0, table.length),
        dayTypeNames: dayTypes,
        terms,
        changepoints: 10,
        changepointPriorScale: 0.05,
      },
      spy,
    ).free();
    if (seen === null) throw new Error('the optimizer was not called');
    const { json, params }: { json: string; params: Parameters } = seen;
    const problem = parseStanData(json);
    const stan = {
      ...params,
      delta: Float64Array.from(params.delta),
      beta: Float64Array.from(params.beta),
    };
    const ours = solveMap(problem);
    expect(logPosterior(problem, ours)).toBeGreaterThanOrEqual(logPosterior(problem, stan));
    const theirFit = fittedValues(problem, stan);
    const scale = Math.max(...table.loadMw.map((load) => Math.abs(Math.log(load / 4700))));
    const difference =
      fittedValues(problem, ours).reduce(
        (sum, value, i) =>
          sum + Math.abs(Math.exp((value - (theirFit[i] ?? Number.NaN)) * scale) - 1),
        0,
      ) / theirFit.length;
    expect(difference).toBeLessThan(0.005);
  });
});

describe('parseStanData', () => {
  const stan = {
    T: 2,
    S: 1,
    K: 2,
    y: [0.5, 1],
    t: [0, 1],
    t_change: [0.4],
    trend_indicator: 0,
    s_a: [1, 1],
    s_m: [0, 0],
    sigmas: [1, 2],
    tau: 0.05,
  };
  const withX = (x: string): string => JSON.stringify(stan).replace('{', `{"X":${x},`);

  it('reads every number, however it is written', () => {
    const { columns } = parseStanData(
      withX('[[0.1,-2.5e-7],[ 12345.678901 ,0.30000000000000004]]'),
    );
    expect(columns.map((column) => [...column])).toEqual([
      [0.1, 12345.678901],
      [-2.5e-7, 0.30000000000000004],
    ]);
  });

  it('refuses a matrix of another shape and a trend it does not know', () => {
    expect(() => parseStanData(withX('[[1,2]]'))).toThrow(/2 values, not 2 × 2/);
    expect(() => parseStanData(withX('[[1,2],[3,4],[5,6]]'))).toThrow(/more than 2 × 2/);
    const flat = withX('[[1,2],[3,4]]').replace('"trend_indicator":0', '"trend_indicator":2');
    expect(() => parseStanData(flat)).toThrow(/linear trend/);
  });
});
