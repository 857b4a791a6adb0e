import { createRandom, type Random } from '../core/random.js';
import { parameterLayout, type ParameterSlot } from './parameter-layout.js';
import type { Seq2SeqOptions } from './seq2seq-options.js';

/**
 * The parameters a training starts from: LSTM input rows uniform ±√(6 / (F + 4H)) (Glorot & Bengio 2010),
 * recurrent rows orthogonal gate by gate (Saxe et al. 2014), forget bias 1 (Jozefowicz et al. 2015), dense
 * weights and biases uniform ±1 / √inputs, outputs uniform ±0.05, the linear skip zero; gains and moving variances 1.
 * @returns packed by `parameterLayout`; the same seed gives the same bytes
 */
export function initialParameters(options: Seq2SeqOptions, seed: number): Float32Array {
  const { slots, size } = parameterLayout(options);
  const parameters = new Float32Array(size);
  for (const slot of slots) {
    const values = parameters.subarray(slot.offset, slot.offset + slot.size);
    initialise(slot, values, slots, options, createRandom('initial parameters', seed, slot.name));
  }
  return parameters;
}

function initialise(
  slot: ParameterSlot,
  values: Float32Array,
  slots: readonly ParameterSlot[],
  options: Seq2SeqOptions,
  random: Random,
): void {
  const { units, headUnits, outputs } = options;
  switch (slot.kind) {
    case 'lstmWeights':
      fillLstmWeights(values, slot.shape[0] - units, units, random);
      return;
    case 'lstmBias':
      values.fill(1, units, 2 * units);
      return;
    case 'outputWeights':
      fillUniform(values.subarray(0, headUnits * outputs), 0.05, random);
      return;
    case 'weights':
      fillUniform(values, 1 / Math.sqrt(slot.shape[0]), random);
      return;
    case 'bias': {
      const weights = slots[slots.indexOf(slot) - 1];
      fillUniform(values, 1 / Math.sqrt(weights?.shape[0] ?? 1), random);
      return;
    }
    case 'gain':
    case 'movingVariance':
      values.fill(1);
      return;
    case 'outputBias':
    case 'offset':
    case 'movingMean':
      return;
  }
}

function fillUniform(values: Float32Array, bound: number, random: Random): void {
  for (let i = 0; i < values.length; i++) values[i] = (2 * random.uniform() - 1) * bound;
}

function fillLstmWeights(
  values: Float32Array,
  features: number,
  units: number,
  random: Random,
): void {
  const columns = 4 * units;
  const inputRows = values.subarray(0, features * columns);
  fillUniform(inputRows, Math.sqrt(6 / (features + columns)), random);
  for (let gate = 0; gate < 4; gate++) {
    const matrix = orthogonal(units, random);
    for (let row = 0; row < units; row++) {
      const target = (features + row) * columns + gate * units;
      values.set(matrix.subarray(row * units, (row + 1) * units), target);
    }
  }
}

/** A random orthogonal matrix: Gram–Schmidt, run twice for accuracy, on normal rows. */
function orthogonal(size: number, random: Random): Float64Array {
  const matrix = Float64Array.from({ length: size * size }, () => random.normal());
  for (let i = 0; i < size; i++) {
    const row = matrix.subarray(i * size, (i + 1) * size);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const other = matrix.subarray(j * size, (j + 1) * size);
        const share = dot(row, other);
        for (let k = 0; k < size; k++) row[k] = (row[k] ?? 0) - share * (other[k] ?? 0);
      }
    }
    const length = Math.sqrt(dot(row, row));
    for (let k = 0; k < size; k++) row[k] = (row[k] ?? 0) / length;
  }
  return matrix;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
