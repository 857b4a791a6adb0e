import { LoadcastError } from '../../core/errors.js';
import { choleskyInPlace, solveCholesky } from '../linear/cholesky.js';
import { crossProducts } from '../linear/cross-products.js';

/** Prophet's additive model with linear trend, as Stan gets it. y, t and X are scaled already. */
export interface MapProblem {
  /** shape (T,) */
  readonly y: Float64Array;
  /** time scaled to [0, 1], ascending, shape (T,) */
  readonly t: Float64Array;
  /** times of the changepoints, ascending, shape (S,) */
  readonly tChange: readonly number[];
  /** K columns of shape (T,) */
  readonly columns: readonly Float64Array[];
  /** prior standard deviation of each β, shape (K,) */
  readonly sigmas: readonly number[];
  /** scale of the Laplace prior of the changepoints */
  readonly tau: number;
}

export interface MapSolution {
  readonly k: number;
  readonly m: number;
  /** shape (S,) */
  readonly delta: Float64Array;
  /** shape (K,) */
  readonly beta: Float64Array;
  readonly sigmaObs: number;
  /** Stan's log posterior at the solution, without constants */
  readonly logPosterior: number;
}

const trendVariance = 25; // k, m ~ N(0, 5)
const noiseVariance = 0.25; // σ ~ N(0, 0.5), positive half

/**
 * Maximum a posteriori of Prophet's Stan program, exactly: for a given noise σ the rest is a lasso in the changepoints δ
 * over a ridge in (k, m, β). The ridge part is eliminated by its Cholesky factor, the lasso of a few dozen δ is solved by
 * coordinate descent, and σ² follows in closed form; the three are repeated until the posterior stands still.
 * @throws {LoadcastError} DIVERGED if the values are not finite
 * @see Taylor & Letham (2018), The American Statistician 72(1); prophet.stan of facebook/prophet
 */
export function solveMap(problem: MapProblem): MapSolution {
  const { gram, size } = crossProducts(stackColumns(problem));
  return maximise(problem, gram, size);
}

/** A solution, and what each row's block looks like to a fit without it. */
export interface BlockedSolution {
  readonly solution: MapSolution;
  /** y − ŷ of the fit on the other blocks, shape (T,) */
  readonly outOfBlockResiduals: Float64Array;
}

/**
 * `solveMap`, and the residuals of each of `blocks` consecutive blocks of rows under the fit on all the others, with σ
 * and the changepoints that moved held. Residuals of the rows a model was fitted on know their own level; these do not,
 * so what is learned of their persistence holds for a forecast.
 */
export function solveMapInBlocks(problem: MapProblem, blocks: number): BlockedSolution {
  const stacked = stackColumns(problem);
  const rows = problem.y.length;
  const cuts = Array.from({ length: blocks + 1 }, (_, b) => Math.round((b * rows) / blocks));
  const parts = cuts
    .slice(1)
    .map((to, b) => crossProducts(stacked.map((column) => column.subarray(cuts[b], to))));
  const size = parts[0]?.size ?? 0;
  const total = new Float64Array(size * size);
  for (const { gram } of parts) for (let i = 0; i < total.length; i++) total[i]! += gram[i]!;

  const solution = maximise(problem, total, size);
  const outOfBlockResiduals = problem.y.slice();
  for (const [b, part] of parts.entries()) {
    const others = total.map((value, i) => value - part.gram[i]!);
    const { used, theta } = fitOthers(problem, solution, others, size);
    for (const [j, value] of theta.entries()) {
      const column = stacked[used[j]!]!;
      for (let i = cuts[b]!; i < cuts[b + 1]!; i++) outOfBlockResiduals[i]! -= value * column[i]!;
    }
  }
  return { solution, outOfBlockResiduals };
}

/** Columns in the solver's order: k, m, β, then δ, then y. */
function stackColumns({ y, t, tChange, columns }: MapProblem): Float64Array[] {
  const ones = new Float64Array(y.length).fill(1);
  const hinges = tChange.map((change) => t.map((time) => Math.max(0, time - change)));
  return [t, ones, ...columns, ...hinges, y];
}

function ridgeVariances(sigmas: readonly number[]): number[] {
  return [trendVariance, trendVariance, ...sigmas.map((sigma) => sigma * sigma)];
}

/** Least squares with the penalties of a solution; the Laplace prior of a δ that moved is the ridge it amounts to there. */
function fitOthers(problem: MapProblem, solution: MapSolution, gram: Float64Array, size: number) {
  const ridge = 2 + problem.columns.length;
  const moved = Array.from(solution.delta.keys()).filter((s) => solution.delta[s] !== 0);
  const used = [...Array(ridge).keys(), ...moved.map((s) => ridge + s)];
  const sigma2 = solution.sigmaObs ** 2;
  const penalties = [
    ...ridgeVariances(problem.sigmas).map((variance) => sigma2 / variance),
    ...moved.map((s) => sigma2 / (problem.tau * Math.abs(solution.delta[s]!))),
  ];
  const n = used.length;
  const factor = new Float64Array(n * n);
  const theta = new Float64Array(n);
  const load = ridge + problem.tChange.length;
  for (let a = 0; a < n; a++) {
    theta[a] = gram[load * size + used[a]!]!;
    for (let b = 0; b <= a; b++)
      factor[a * n + b] = gram[used[a]! * size + used[b]!]! + (a === b ? penalties[a]! : 0);
  }
  choleskyInPlace(factor, n);
  return { used, theta: solveCholesky(factor, n, theta) };
}

function maximise(problem: MapProblem, gram: Float64Array, size: number): MapSolution {
  const { tChange, columns, sigmas, tau } = problem;
  const [rows, steps] = [problem.y.length, tChange.length];
  const ridge = 2 + columns.length;
  const load = ridge + steps;
  const at = (a: number, b: number): number => gram[Math.max(a, b) * size + Math.min(a, b)]!;
  const yy = at(load, load);
  const variances = ridgeVariances(sigmas);

  const delta = new Float64Array(steps);
  let ridgePart = new Float64Array(ridge);
  let sigma2 = Math.max(1e-8, (yy / rows) * 0.01);
  let logPosterior = Number.NEGATIVE_INFINITY;
  for (let iteration = 0; iteration < 100; iteration++) {
    const factor = new Float64Array(ridge * ridge);
    for (let a = 0; a < ridge; a++)
      for (let b = 0; b <= a; b++)
        factor[a * ridge + b] = at(a, b) + (a === b ? sigma2 / variances[a]! : 0);
    choleskyInPlace(factor, ridge);
    const column = (c: number): Float64Array =>
      solveCholesky(
        factor,
        ridge,
        Float64Array.from({ length: ridge }, (_, a) => at(a, c)),
      );
    const eliminated = Array.from({ length: steps }, (_, s) => column(ridge + s));
    const target = column(load);

    // Schur complement: what the changepoints explain beyond the ridge part.
    const curvature = new Float64Array(steps * steps);
    const pull = new Float64Array(steps);
    for (let a = 0; a < steps; a++) {
      pull[a] = at(ridge + a, load);
      for (let j = 0; j < ridge; j++) pull[a]! -= at(ridge + a, j) * target[j]!;
      for (let b = 0; b < steps; b++) {
        let value = at(ridge + a, ridge + b);
        const solved = eliminated[b]!;
        for (let j = 0; j < ridge; j++) value -= at(ridge + a, j) * solved[j]!;
        curvature[a * steps + b] = value;
      }
    }
    lasso(curvature, pull, sigma2 / tau, delta);

    ridgePart = target.slice();
    for (let s = 0; s < steps; s++)
      for (let j = 0; j < ridge; j++) ridgePart[j]! -= eliminated[s]![j]! * delta[s]!;
    const squares = residualSquares(at, ridgePart, delta, yy);
    sigma2 = (2 * squares) / (rows + Math.sqrt(rows * rows + (4 * squares) / noiseVariance));
    const next =
      -0.5 * rows * Math.log(sigma2) -
      squares / (2 * sigma2) -
      sigma2 / (2 * noiseVariance) -
      ridgePart.reduce((sum, value, j) => sum + (value * value) / (2 * variances[j]!), 0) -
      delta.reduce((sum, value) => sum + Math.abs(value) / tau, 0);
    if (!Number.isFinite(next))
      throw new LoadcastError(
        'DIVERGED',
        `Prophet's posterior is ${next} after ${iteration + 1} iterations over ${rows} rows; look for constant or non-finite load.`,
      );
    const done = Math.abs(next - logPosterior) < 1e-7 * Math.abs(next);
    logPosterior = next;
    if (done) break;
  }
  return {
    k: ridgePart[0]!,
    m: ridgePart[1]!,
    delta,
    beta: ridgePart.slice(2),
    sigmaObs: Math.sqrt(sigma2),
    logPosterior,
  };
}

/**
 * Minimises ½ δᵀQδ − qᵀδ + λ Σ|δ| in place, by coordinate descent from where δ stands.
 * @see Friedman, Hastie & Tibshirani (2010), Journal of Statistical Software 33(1)
 */
function lasso(q: Float64Array, pull: Float64Array, lambda: number, delta: Float64Array): void {
  const n = delta.length;
  const gradient = pull.slice(); // q − Qδ
  for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) gradient[a]! -= q[a * n + b]! * delta[b]!;
  for (let sweep = 0; sweep < 50_000; sweep++) {
    let largest = 0;
    for (let a = 0; a < n; a++) {
      const own = q[a * n + a]!;
      if (own <= 0) continue;
      const free = gradient[a]! + own * delta[a]!;
      const next = (Math.sign(free) * Math.max(0, Math.abs(free) - lambda)) / own;
      const step = next - delta[a]!;
      if (step === 0) continue;
      delta[a] = next;
      for (let b = 0; b < n; b++) gradient[b]! -= q[b * n + a]! * step;
      largest = Math.max(largest, Math.abs(step));
    }
    if (largest < 1e-10) return;
  }
}

/** ‖y − Zθ‖² from the cross products. */
function residualSquares(
  at: (a: number, b: number) => number,
  ridgePart: Float64Array,
  delta: Float64Array,
  yy: number,
): number {
  const theta = [...ridgePart, ...delta];
  let squares = yy;
  for (const [a, value] of theta.entries()) {
    let product = -2 * at(a, theta.length) + value * at(a, a);
    for (let b = 0; b < a; b++) product += 2 * theta[b]! * at(a, b);
    squares += value * product;
  }
  return Math.max(squares, Number.MIN_VALUE);
}
