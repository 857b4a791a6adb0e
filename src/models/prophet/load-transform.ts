import { loadScaleOf } from '../../core/load-scale.js';

/**
 * How load becomes what Prophet is fitted to: its logarithm, so that effects multiply; the load itself where it is not
 * positive throughout or comes near zero (net load behind solar panels).
 */
export interface LoadTransform {
  readonly kind: 'log' | 'linear';
  readonly centre: number;
  readonly spread: number;
}

/** @param loadMw measured loads of the training rows, shape (rows,), no NaN */
export function fitLoadTransform(loadMw: Float64Array): LoadTransform {
  const positive = loadScaleOf(loadMw) === 'log' && loadMw.every((load) => load > 0);
  const values = positive ? loadMw.map((load) => Math.log(load)) : loadMw;
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (positive) return { kind: 'log', centre, spread: 1 };
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length;
  return { kind: 'linear', centre, spread: 4 * Math.sqrt(variance) || 1 };
}

/** @returns NaN for a load that has no logarithm */
export function transformLoad({ kind, centre, spread }: LoadTransform, loadMw: number): number {
  if (kind === 'linear') return (loadMw - centre) / spread;
  return loadMw > 0 ? Math.log(loadMw) - centre : Number.NaN;
}

/** @returns MW */
export function restoreLoad({ kind, centre, spread }: LoadTransform, value: number): number {
  return kind === 'log' ? Math.exp(value + centre) : value * spread + centre;
}
