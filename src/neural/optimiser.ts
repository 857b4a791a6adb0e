import { LoadcastError } from '../core/errors.js';
import type { ParameterLayout } from './parameter-layout.js';

/**
 * How gradients become steps. Decay pulls weight matrices towards zero, never biases and other vectors: `l2` by the
 * gradient of ½ · l2 · ‖w‖², which Adam then scales like the rest, `weightDecay` past the moments.
 */
export type OptimiserOptions =
  /** Kingma & Ba (2015) */
  | { readonly kind: 'adam'; readonly l2: number }
  /** Loshchilov & Hutter (2019), algorithm 2, its decay times the learning rate as in PyTorch */
  | { readonly kind: 'adamw'; readonly weightDecay: number };

/** Limits of a gradient: first each value, then the Euclidean length of all of them. */
export interface ClipOptions {
  /** largest size of one value */
  readonly value?: number;
  /** largest length of the whole gradient (Pascanu et al. 2013) */
  readonly norm?: number;
}

/** Adam's running moments of the gradient. */
export interface AdamMoments {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** @param size number of parameters */
export function zeroMoments(size: number): AdamMoments {
  return { mean: new Float32Array(size), variance: new Float32Array(size) };
}

/** @returns 1 for the parameters that decay, those of matrices, 0 for the others */
export function decayedParameters({ slots, size }: ParameterLayout): Uint8Array {
  const decayed = new Uint8Array(size);
  for (const { shape, offset, size: slotSize } of slots)
    if (shape.length > 1) decayed.fill(1, offset, offset + slotSize);
  return decayed;
}

/**
 * One step of Adam or AdamW, in place.
 * @param step         from 1
 * @param parameters   changed, as are the moments
 * @param gradients    of the same length, already clipped: decay is not
 * @param decayed      1 where decay applies
 */
export function adamStep(
  options: OptimiserOptions,
  moments: AdamMoments,
  step: number,
  parameters: Float32Array,
  gradients: Float32Array,
  decayed: Uint8Array,
  learningRate: number,
): void {
  const { mean, variance } = moments;
  const l2 = options.kind === 'adam' ? options.l2 : 0;
  const weightDecay = options.kind === 'adamw' ? options.weightDecay : 0;
  const rate = learningRate / (1 - BETA1 ** step);
  const correction = 1 / (1 - BETA2 ** step);
  for (let i = 0; i < parameters.length; i++) {
    const parameter = parameters[i] ?? 0;
    const decayedParameter = decayed[i] === 1 ? parameter : 0;
    const gradient = (gradients[i] ?? 0) + l2 * decayedParameter;
    const m = BETA1 * (mean[i] ?? 0) + (1 - BETA1) * gradient;
    const v = BETA2 * (variance[i] ?? 0) + (1 - BETA2) * gradient * gradient;
    mean[i] = m;
    variance[i] = v;
    parameters[i] =
      parameter -
      learningRate * weightDecay * decayedParameter -
      (rate * m) / (Math.sqrt(v * correction) + EPSILON);
  }
}

/**
 * Clips a gradient in place.
 * @returns its length before
 */
export function clipGradients(gradients: Float32Array, { value, norm }: ClipOptions): number {
  const lengthBefore = lengthOf(gradients);
  if (value !== undefined) {
    for (let i = 0; i < gradients.length; i++)
      gradients[i] = Math.max(-value, Math.min(value, gradients[i] ?? 0));
  }
  if (norm !== undefined) {
    const length = value === undefined ? lengthBefore : lengthOf(gradients);
    if (length > norm) scale(gradients, norm / length);
  }
  return lengthBefore;
}

/** @throws LoadcastError INVALID_INPUT naming the option at fault */
export function validateOptimiser(optimiser: OptimiserOptions, clip: ClipOptions): void {
  const [name, decay] =
    optimiser.kind === 'adam' ? ['l2', optimiser.l2] : ['weightDecay', optimiser.weightDecay];
  if (!(decay >= 0 && Number.isFinite(decay)))
    refuse(`Optimiser option ${name} must be 0 or more, is ${decay}.`);
  for (const limit of ['value', 'norm'] as const) {
    const largest = clip[limit];
    if (largest !== undefined && !(largest > 0))
      refuse(`Training option clip.${limit} must be positive, is ${largest}.`);
  }
}

function lengthOf(values: Float32Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares);
}

function scale(values: Float32Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) * factor;
}

function refuse(problem: string): never {
  throw new LoadcastError('INVALID_INPUT', problem);
}
