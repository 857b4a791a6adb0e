// LSTM over a whole sequence, forward and back-propagation through time (Hochreiter & Schmidhuber 1997, with the
// forget gate of Gers et al. 2000):
//   [i f g o] = [x_t h_{t−1}] W + b;  c_t = σ(f) c_{t−1} + σ(i) tanh(g);  h_t = σ(o) tanh(c_t)
// Rows are taken 16 at a time, so that what one step touches stays in the cache. `tape` keeps what the gradient
// needs, per block of rows and in the order of the steps: joined [T][rows][F+H] = [x_t h_{t−1}],
// gates [T][rows][4H] (after their activation), cells [T][rows][H] and their tanh [T][rows][H].
// A reversed sequence is the same one read with a negative step: the callers pass the address of its first step.
// x_t may come in two parts that stand side by side (the two directions of a layer below); one part has F₂ = 0.

import { copyFloats, LOG2_E, loadFirst, multiplyAdd, power4, storeFirst, tanh4 } from './simd';
import { multiplyPanels, packPanels, panelFloats } from './matmul';

const BLOCK_ROWS: i32 = 16;
/** Steps of gate gradients that one product with the joined inputs takes up: 8 × 16 rows. */
const BLOCK_STEPS: i32 = 8;

/** Floats of the tape. */
export function lstmTapeFloats(rows: i32, steps: i32, features: i32, units: i32): i32 {
  return rows * steps * (features + 7 * units);
}

/** Floats of scratch that both directions need. */
export function lstmScratchFloats(features: i32, units: i32): i32 {
  const weights = panelFloats(features + units, 4 * units) + panelFloats(4 * units, features + units);
  return weights + 2 * BLOCK_ROWS * units + panelFloats(BLOCK_ROWS * BLOCK_STEPS, 4 * units);
}

/**
 * x: row r, step t of the first part at x + r · xRow + t · xStep (bytes; likewise the second part and `outputs`).
 * weights [F+H][4H] with F = features + features2, bias [4H], h0, c0, h, c [rows][H].
 */
export function lstmForward(
  rows: i32, steps: i32, units: i32, features: i32, x: usize, xRow: i32, xStep: i32,
  features2: i32, x2: usize, x2Row: i32, x2Step: i32, weights: usize, bias: usize, h0: usize, c0: usize,
  outputs: usize, outputRow: i32, outputStep: i32, h: usize, c: usize, tape: usize, scratch: usize,
): void {
  const width = features + features2 + units;
  packPanels(weights, units << 4, 4, width, 4 * units, scratch);
  for (let r = 0; r < rows; r += BLOCK_ROWS) {
    const count = min(BLOCK_ROWS, rows - r);
    const state = (<usize>r * units) << 2;
    const block = tape + (<usize>lstmTapeFloats(r, steps, features + features2, units) << 2);
    joinInputs(count, steps, width, features, x + <usize>r * xRow, xRow, xStep, block);
    if (features2 > 0) {
      joinInputs(count, steps, width, features2, x2 + <usize>r * x2Row, x2Row, x2Step, block + (features << 2));
    }
    forwardBlock(
      count, steps, width, units, scratch, bias, h0 + state, c0 + state,
      outputs + <usize>r * outputRow, outputRow, outputStep, h + state, c + state, block,
    );
  }
}

/** Copies one part of the inputs to its columns of joined [T][rows][F+H]. */
function joinInputs(
  rows: i32, steps: i32, width: i32, features: i32, x: usize, xRow: i32, xStep: i32, joined: usize,
): void {
  for (let t = 0; t < steps; t++) {
    for (let r = 0; r < rows; r++, joined += width << 2) copyFloats(joined, x + <usize>r * xRow, features);
    x += xStep;
  }
}

function forwardBlock(
  rows: i32, steps: i32, width: i32, units: i32, panels: usize, bias: usize, h0: usize, c0: usize,
  outputs: usize, outputRow: i32, outputStep: i32, h: usize, c: usize, tape: usize,
): void {
  const joinedRow = width << 2;
  const gateRow = units << 4;
  const unitRow = units << 2;
  const stateColumn = joinedRow - unitRow;
  let joined = tape;
  let gates = joined + <usize>(steps * rows) * joinedRow;
  let cell = gates + <usize>(steps * rows) * gateRow;
  const cellTanh = <usize>(steps * rows) * unitRow; // from a cell to its tanh
  let cellBefore = c0;
  for (let r = 0; r < rows; r++) copyFloats(joined + r * joinedRow + stateColumn, h0 + r * unitRow, units);
  for (let t = 0; t < steps; t++) {
    multiplyPanels(joined, joinedRow, 4, panels, gates, gateRow, rows, 4 * units, width, false);
    sigmoids(gates, gateRow, bias, rows, 2 * units, 1, 0);
    sigmoids(gates + 2 * unitRow, gateRow, bias + 2 * unitRow, rows, units, 2, -1); // tanh x = 2 σ(2x) − 1
    sigmoids(gates + 3 * unitRow, gateRow, bias + 3 * unitRow, rows, units, 1, 0);
    joined += rows * joinedRow;
    const isLast = t + 1 == steps;
    updateCells(rows, units, gates, cellBefore, cell);
    tanhs(cell, cell + cellTanh, rows * units);
    writeOutputs(
      rows, units, gates + 3 * unitRow, cell + cellTanh, outputs, outputRow,
      isLast ? h : joined + stateColumn, isLast ? unitRow : joinedRow,
    );
    cellBefore = cell;
    gates += rows * gateRow;
    cell += rows * unitRow;
    outputs += outputStep;
  }
  memory.copy(c, cellBefore, rows * unitRow);
}

/**
 * z[rows][n] = gain · σ(gain · (z + bias[n])) + shift, in place. One loop over the rows' whole vectors, so that V8 makes
 * the constants once, not for each row.
 */
function sigmoids(z: usize, zRow: i32, bias: usize, rows: i32, n: i32, gain: f32, shift: f32): void {
  const step = WIDE ? 32 : 16;
  const whole = (n << 2) & -step;
  const scales = f32x4.splat(-gain * LOG2_E);
  const gains = f32x4.splat(gain);
  const shifts = f32x4.splat(shift);
  let at = z;
  let u = 0;
  for (let left = rows * (whole / step); left > 0; left--) {
    const first = sigmoid4(f32x4.add(v128.load(at), v128.load(bias + u)), scales, gains, shifts);
    if (WIDE) {
      const second = sigmoid4(f32x4.add(v128.load(at, 16), v128.load(bias + u, 16)), scales, gains, shifts);
      v128.store(at, first);
      v128.store(at, second, 16);
    } else {
      v128.store(at, first);
    }
    at += step;
    u += step;
    if (u == whole) {
      at += zRow - whole;
      u = 0;
    }
  }
  if (whole < n << 2) sigmoidsFrom(whole, z, zRow, bias, rows, n, scales, gains, shifts);
}

/** The columns that fill no whole vector, from a byte on. */
function sigmoidsFrom(
  start: i32, z: usize, zRow: i32, bias: usize, rows: i32, n: i32, scales: v128, gains: v128, shifts: v128,
): void {
  for (let r = 0; r < rows; r++, z += zRow) {
    for (let u = start; u < n << 2; u += 16) {
      const count = n - (u >> 2);
      const x = f32x4.add(loadFirst(z + u, count), loadFirst(bias + u, count));
      storeFirst(z + u, sigmoid4(x, scales, gains, shifts), count);
    }
  }
}

// @ts-ignore: decorator
@inline
function sigmoid4(x: v128, scales: v128, gains: v128, shifts: v128): v128 {
  const e = power4(f32x4.mul(x, scales));
  return f32x4.add(f32x4.div(gains, f32x4.add(f32x4.splat(1), e)), shifts);
}

/** c_t = f c_{t−1} + i g */
function updateCells(rows: i32, units: i32, gates: usize, cellBefore: usize, cell: usize): void {
  const row = units << 2;
  const whole = row & ~15;
  for (let r = 0; r < rows; r++, gates += row << 2, cellBefore += row, cell += row) {
    for (let u = 0; u < whole; u += 16) updateCell(row, gates + u, cellBefore + u, cell + u, 4);
    if (whole < row) updateCell(row, gates + whole, cellBefore + whole, cell + whole, units & 3);
  }
}

/** `count` (1–4) units; a constant 4 leaves no branch. */
// @ts-ignore: decorator
@inline
function updateCell(row: i32, gates: usize, cellBefore: usize, cell: usize, count: i32): void {
  const added = f32x4.mul(loadFirst(gates, count), loadFirst(gates + 2 * row, count));
  storeFirst(cell, multiplyAdd(loadFirst(gates + row, count), loadFirst(cellBefore, count), added), count);
}

/** to[n] = tanh(from[n]) = 2 σ(2 from[n]) − 1 */
function tanhs(from: usize, to: usize, n: i32): void {
  const scales = f32x4.splat(<f32>-2 * LOG2_E);
  const gains = f32x4.splat(2);
  const shifts = f32x4.splat(-1);
  const step = WIDE ? 32 : 16;
  const end = n << 2;
  const whole = end & -step;
  for (let u = 0; u < whole; u += step) {
    const first = sigmoid4(v128.load(from + u), scales, gains, shifts);
    if (WIDE) {
      const second = sigmoid4(v128.load(from + u, 16), scales, gains, shifts);
      v128.store(to + u, first);
      v128.store(to + u, second, 16);
    } else {
      v128.store(to + u, first);
    }
  }
  for (let u = whole; u < end; u += 16) {
    const count = (end - u) >> 2;
    storeFirst(to + u, sigmoid4(loadFirst(from + u, count), scales, gains, shifts), count);
  }
}

/** h_t = o tanh(c_t), to the outputs and to where the next step reads it. */
function writeOutputs(
  rows: i32, units: i32, gates: usize, cellTanh: usize, output: usize, outputRow: i32, state: usize, stateRow: i32,
): void {
  const row = units << 2;
  const whole = row & ~15;
  for (let r = 0; r < rows; r++, gates += row << 2, cellTanh += row, output += outputRow, state += stateRow) {
    for (let u = 0; u < whole; u += 16) writeOutput(gates + u, cellTanh + u, output + u, state + u, 4);
    if (whole < row) writeOutput(gates + whole, cellTanh + whole, output + whole, state + whole, units & 3);
  }
}

// @ts-ignore: decorator
@inline
function writeOutput(gates: usize, cellTanh: usize, output: usize, state: usize, count: i32): void {
  const h = f32x4.mul(loadFirst(gates, count), loadFirst(cellTanh, count));
  storeFirst(output, h, count);
  storeFirst(state, h, count);
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
  const cellTanh = <usize>(steps * rows) * unitRow;
  let end = steps;
  for (let t = steps - 1; t >= 0; t--) {
    const gate = gates + <usize>(t * rows) * gateRow;
    const cell = cells + <usize>(t * rows) * unitRow;
    const cellBefore = t > 0 ? cell - rows * unitRow : c0;
    const dOutput = dOutputs + t * outputStep;
    for (let r = 0; r < rows; r++) {
      gradientRow(
        units, gate + r * gateRow, cell + cellTanh + r * unitRow, cellBefore + r * unitRow, dOutput + <usize>r * outputRow,
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
  units: i32, gates: usize, cellTanh: usize, cellBefore: usize, dOutput: usize, dh: usize, dc: usize, dBias: usize,
): void {
  const row = units << 2;
  const whole = row & ~15;
  for (let u = 0; u < whole; u += 16) gradient4(row, u, 4, gates, cellTanh, cellBefore, dOutput, dh, dc, dBias);
  if (whole < row) gradientLast(row, whole, units & 3, gates, cellTanh, cellBefore, dOutput, dh, dc, dBias);
}

/** The last one to three units of a row. */
function gradientLast(
  row: i32, u: i32, count: i32, gates: usize, cellTanh: usize, cellBefore: usize, dOutput: usize, dh: usize, dc: usize, dBias: usize,
): void {
  gradient4(row, u, count, gates, cellTanh, cellBefore, dOutput, dh, dc, dBias);
}

/** `count` (1–4) units from byte u of a row. */
// @ts-ignore: decorator
@inline
function gradient4(
  row: i32, u: i32, count: i32, gates: usize, cellTanh: usize, cellBefore: usize, dOutput: usize, dh: usize, dc: usize, dBias: usize,
): void {
  const one = f32x4.splat(1);
  const at = gates + u;
  const bias = dBias + u;
  const i = loadFirst(at, count);
  const f = loadFirst(at + row, count);
  const g = loadFirst(at + 2 * row, count);
  const o = loadFirst(at + 3 * row, count);
  const th = loadFirst(cellTanh + u, count);
  const dH = f32x4.add(loadFirst(dh + u, count), loadFirst(dOutput + u, count));
  const dC = multiplyAdd(f32x4.mul(dH, o), f32x4.sub(one, f32x4.mul(th, th)), loadFirst(dc + u, count));
  const di = sigmoidGradient(f32x4.mul(dC, g), i);
  const df = sigmoidGradient(f32x4.mul(dC, loadFirst(cellBefore + u, count)), f);
  const dg = f32x4.mul(f32x4.mul(dC, i), f32x4.sub(one, f32x4.mul(g, g)));
  const dO = sigmoidGradient(f32x4.mul(dH, th), o);
  storeFirst(dc + u, f32x4.mul(dC, f), count);
  storeFirst(at, di, count);
  storeFirst(at + row, df, count);
  storeFirst(at + 2 * row, dg, count);
  storeFirst(at + 3 * row, dO, count);
  storeFirst(bias, f32x4.add(loadFirst(bias, count), di), count);
  storeFirst(bias + row, f32x4.add(loadFirst(bias + row, count), df), count);
  storeFirst(bias + 2 * row, f32x4.add(loadFirst(bias + 2 * row, count), dg), count);
  storeFirst(bias + 3 * row, f32x4.add(loadFirst(bias + 3 * row, count), dO), count);
}

/** gradient · s (1 − s), from the sigmoid's value s */
// @ts-ignore: decorator
@inline
function sigmoidGradient(gradient: v128, s: v128): v128 {
  return f32x4.mul(f32x4.mul(gradient, s), f32x4.sub(f32x4.splat(1), s));
}

/**
 * dX of one part of the inputs, from a tape that `lstmBackward` has been through: dX_t = dGates_t W_xᵀ, laid out as x.
 * @param weights rows of the weights that this part meets
 * @param width   F + H of the whole
 */
export function lstmInputGradient(
  rows: i32, steps: i32, width: i32, units: i32, weights: usize, features: i32, dx: usize, xRow: i32, xStep: i32,
  tape: usize, scratch: usize,
): void {
  packPanels(weights, 4, units << 4, 4 * units, features, scratch); // transposed
  for (let r = 0; r < rows; r += BLOCK_ROWS) {
    const count = min(BLOCK_ROWS, rows - r);
    const block = tape + (<usize>lstmTapeFloats(r, steps, width - units, units) << 2);
    let gate = block + ((<usize>(steps * count) * width) << 2);
    let out = dx + <usize>r * xRow;
    for (let t = 0; t < steps; t++) {
      multiplyPanels(gate, units << 4, 4, scratch, out, xRow, count, features, 4 * units, false);
      gate += (<usize>count * units) << 4;
      out += xStep;
    }
  }
}
