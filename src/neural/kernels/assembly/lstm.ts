// LSTM over a whole sequence, forward and back-propagation through time (Hochreiter & Schmidhuber 1997, with the
// forget gate of Gers et al. 2000):
//   [i f g o] = [x_t h_{t−1}] W + b;  c_t = σ(f) c_{t−1} + σ(i) tanh(g);  h_t = σ(o) tanh(c_t)
// Rows are taken 16 at a time, so that what one step touches stays in the cache. `tape` keeps what the gradient
// needs, per block of rows and in the order of the steps: joined [T][rows][F+H] = [x_t h_{t−1}],
// gates [T][rows][4H] (after their activation), cells [T][rows][H].
// A reversed sequence is the same one read with a negative step: the callers pass the address of its first step.

import { copyFloats, multiplyAdd, sigmoid4, tanh4 } from './simd';
import { multiplyPanels, packPanels, panelFloats } from './matmul';

const BLOCK_ROWS: i32 = 16;
/** Steps of gate gradients that one product with the joined inputs takes up: 8 × 16 rows. */
const BLOCK_STEPS: i32 = 8;

/** Floats of the tape. */
export function lstmTapeFloats(rows: i32, steps: i32, features: i32, units: i32): i32 {
  return rows * steps * (features + 6 * units);
}

/** Floats of scratch that both directions need. */
export function lstmScratchFloats(features: i32, units: i32): i32 {
  const weights = panelFloats(features + units, 4 * units) + panelFloats(4 * units, features + units);
  return weights + 2 * BLOCK_ROWS * units + panelFloats(BLOCK_ROWS * BLOCK_STEPS, 4 * units);
}

/**
 * x: row r, step t at x + r · xRow + t · xStep (bytes; likewise `outputs`). weights [F+H][4H], bias [4H],
 * h0, c0, h, c [rows][H].
 */
export function lstmForward(
  rows: i32, steps: i32, features: i32, units: i32, x: usize, xRow: i32, xStep: i32, weights: usize, bias: usize,
  h0: usize, c0: usize, outputs: usize, outputRow: i32, outputStep: i32, h: usize, c: usize, tape: usize, scratch: usize,
): void {
  packPanels(weights, units << 4, 4, features + units, 4 * units, scratch);
  for (let r = 0; r < rows; r += BLOCK_ROWS) {
    const state = (<usize>r * units) << 2;
    forwardBlock(
      min(BLOCK_ROWS, rows - r), steps, features, units, x + <usize>r * xRow, xRow, xStep, scratch, bias,
      h0 + state, c0 + state, outputs + <usize>r * outputRow, outputRow, outputStep, h + state, c + state,
      tape + (<usize>lstmTapeFloats(r, steps, features, units) << 2),
    );
  }
}

function forwardBlock(
  rows: i32, steps: i32, features: i32, units: i32, x: usize, xRow: i32, xStep: i32, panels: usize, bias: usize,
  h0: usize, c0: usize, outputs: usize, outputRow: i32, outputStep: i32, h: usize, c: usize, tape: usize,
): void {
  const width = features + units;
  const joinedRow = width << 2;
  const gateRow = units << 4;
  const unitRow = units << 2;
  let joined = tape;
  let gates = joined + <usize>(steps * rows) * joinedRow;
  let cell = gates + <usize>(steps * rows) * gateRow;
  let cellBefore = c0;
  for (let r = 0; r < rows; r++) copyFloats(joined + r * joinedRow + (features << 2), h0 + r * unitRow, units);
  for (let t = 0; t < steps; t++) {
    for (let r = 0; r < rows; r++) copyFloats(joined + r * joinedRow, x + <usize>r * xRow, features);
    multiplyPanels(joined, joinedRow, 4, panels, gates, gateRow, rows, 4 * units, width, false);
    const joinedNext = joined + rows * joinedRow;
    for (let r = 0; r < rows; r++) {
      const state = t + 1 < steps ? joinedNext + r * joinedRow + (features << 2) : h + r * unitRow;
      activateRow(
        units, gates + r * gateRow, bias, cellBefore + r * unitRow, cell + r * unitRow, outputs + <usize>r * outputRow, state,
      );
    }
    cellBefore = cell;
    joined = joinedNext;
    gates += rows * gateRow;
    cell += rows * unitRow;
    x += xStep;
    outputs += outputStep;
  }
  memory.copy(c, cellBefore, rows * unitRow);
}

/** Gates of one row: activates them in place, gives the cell and h, which goes to `output` and to `state`. */
// @ts-ignore: decorator
@inline
function activateRow(
  units: i32, gates: usize, bias: usize, cellBefore: usize, cell: usize, output: usize, state: usize,
): void {
  const row = units << 2;
  for (let u = 0; u < row; u += 16) {
    const at = gates + u;
    const from = bias + u;
    const i = sigmoid4(f32x4.add(v128.load(at), v128.load(from)));
    const f = sigmoid4(f32x4.add(v128.load(at + row), v128.load(from + row)));
    const g = tanh4(f32x4.add(v128.load(at + 2 * row), v128.load(from + 2 * row)));
    const o = sigmoid4(f32x4.add(v128.load(at + 3 * row), v128.load(from + 3 * row)));
    const c = multiplyAdd(f, v128.load(cellBefore + u), f32x4.mul(i, g));
    v128.store(at, i);
    v128.store(at + row, f);
    v128.store(at + 2 * row, g);
    v128.store(at + 3 * row, o);
    v128.store(cell + u, c);
    const h = f32x4.mul(o, tanh4(c));
    v128.store(output + u, h);
    v128.store(state + u, h);
  }
}

/**
 * Gradients of the weights, the bias and the initial state. The gates of the tape are overwritten by their
 * gradients, which `lstmInputGradient` reads: a tape serves one backward pass.
 * dOutputs as `outputs` above; dh, dc [rows][H] of the final state; dWeights and dBias are overwritten.
 */
export function lstmBackward(
  rows: i32, steps: i32, features: i32, units: i32, weights: usize, c0: usize, dOutputs: usize, outputRow: i32, outputStep: i32,
  dh: usize, dc: usize, dWeights: usize, dBias: usize, dh0: usize, dc0: usize, tape: usize, scratch: usize,
): void {
  const width = features + units;
  const recurrent = weights + ((<usize>features * units) << 4);
  packPanels(recurrent, 4, units << 4, 4 * units, units, scratch); // transposed
  const gatePanels = scratch + (<usize>panelFloats(4 * units, units) << 2);
  memory.fill(dWeights, 0, (<usize>width * units) << 4);
  memory.fill(dBias, 0, units << 4);
  for (let r = 0; r < rows; r += BLOCK_ROWS) {
    const count = min(BLOCK_ROWS, rows - r);
    const state = (<usize>r * units) << 2;
    const bytes = (<usize>count * units) << 2;
    // dh0 and dc0 hold the running gradient of the state while the steps go back
    memory.copy(dh0 + state, dh + state, bytes);
    memory.copy(dc0 + state, dc + state, bytes);
    backwardBlock(
      count, steps, features, units, scratch, gatePanels, c0 + state, dOutputs + <usize>r * outputRow, outputRow, outputStep,
      dWeights, dBias, dh0 + state, dc0 + state, tape + (<usize>lstmTapeFloats(r, steps, features, units) << 2),
    );
  }
}

function backwardBlock(
  rows: i32, steps: i32, features: i32, units: i32, recurrentPanels: usize, gatePanels: usize, c0: usize,
  dOutputs: usize, outputRow: i32, outputStep: i32, dWeights: usize, dBias: usize, dh: usize, dc: usize, tape: usize,
): void {
  const width = features + units;
  const gateRow = units << 4;
  const unitRow = units << 2;
  const joined = tape;
  const gates = joined + ((<usize>(steps * rows) * width) << 2);
  const cells = gates + <usize>(steps * rows) * gateRow;
  let end = steps;
  for (let t = steps - 1; t >= 0; t--) {
    const gate = gates + <usize>(t * rows) * gateRow;
    const cell = cells + <usize>(t * rows) * unitRow;
    const cellBefore = t > 0 ? cell - rows * unitRow : c0;
    const dOutput = dOutputs + t * outputStep;
    for (let r = 0; r < rows; r++) {
      gradientRow(
        units, gate + r * gateRow, cell + r * unitRow, cellBefore + r * unitRow, dOutput + <usize>r * outputRow,
        dh + r * unitRow, dc + r * unitRow, dBias,
      );
    }
    multiplyPanels(gate, gateRow, 4, recurrentPanels, dh, unitRow, rows, units, 4 * units, false);
    if (end - t == BLOCK_STEPS || t == 0) {
      // dW += [x h]ᵀ dGates over the steps t … end − 1
      const sums = (end - t) * rows;
      packPanels(gate, gateRow, 4, sums, 4 * units, gatePanels);
      multiplyPanels(
        joined + ((<usize>(t * rows) * width) << 2), 4, width << 2, gatePanels, dWeights, gateRow, width, 4 * units, sums, true,
      );
      end = t;
    }
  }
}

/** One row of one step back: gates become their gradients, dc becomes that of the step before. */
// @ts-ignore: decorator
@inline
function gradientRow(
  units: i32, gates: usize, cell: usize, cellBefore: usize, dOutput: usize, dh: usize, dc: usize, dBias: usize,
): void {
  const row = units << 2;
  const one = f32x4.splat(1);
  for (let u = 0; u < row; u += 16) {
    const at = gates + u;
    const bias = dBias + u;
    const i = v128.load(at);
    const f = v128.load(at + row);
    const g = v128.load(at + 2 * row);
    const o = v128.load(at + 3 * row);
    const th = tanh4(v128.load(cell + u));
    const dH = f32x4.add(v128.load(dh + u), v128.load(dOutput + u));
    const dC = multiplyAdd(f32x4.mul(dH, o), f32x4.sub(one, f32x4.mul(th, th)), v128.load(dc + u));
    const di = sigmoidGradient(f32x4.mul(dC, g), i);
    const df = sigmoidGradient(f32x4.mul(dC, v128.load(cellBefore + u)), f);
    const dg = f32x4.mul(f32x4.mul(dC, i), f32x4.sub(one, f32x4.mul(g, g)));
    const dO = sigmoidGradient(f32x4.mul(dH, th), o);
    v128.store(dc + u, f32x4.mul(dC, f));
    v128.store(at, di);
    v128.store(at + row, df);
    v128.store(at + 2 * row, dg);
    v128.store(at + 3 * row, dO);
    v128.store(bias, f32x4.add(v128.load(bias), di));
    v128.store(bias + row, f32x4.add(v128.load(bias + row), df));
    v128.store(bias + 2 * row, f32x4.add(v128.load(bias + 2 * row), dg));
    v128.store(bias + 3 * row, f32x4.add(v128.load(bias + 3 * row), dO));
  }
}

/** gradient · s (1 − s), from the sigmoid's value s */
// @ts-ignore: decorator
@inline
function sigmoidGradient(gradient: v128, s: v128): v128 {
  return f32x4.mul(f32x4.mul(gradient, s), f32x4.sub(f32x4.splat(1), s));
}

/** dX from a tape that `lstmBackward` has been through: dX_t = dGates_t W_xᵀ, laid out as x. */
export function lstmInputGradient(
  rows: i32, steps: i32, features: i32, units: i32, weights: usize, dx: usize, xRow: i32, xStep: i32, tape: usize, scratch: usize,
): void {
  packPanels(weights, 4, units << 4, 4 * units, features, scratch); // transposed
  for (let r = 0; r < rows; r += BLOCK_ROWS) {
    const count = min(BLOCK_ROWS, rows - r);
    const block = tape + (<usize>lstmTapeFloats(r, steps, features, units) << 2);
    let gate = block + ((<usize>(steps * count) * (features + units)) << 2);
    let out = dx + <usize>r * xRow;
    for (let t = 0; t < steps; t++) {
      multiplyPanels(gate, units << 4, 4, scratch, out, xRow, count, features, 4 * units, false);
      gate += (<usize>count * units) << 4;
      out += xStep;
    }
  }
}
