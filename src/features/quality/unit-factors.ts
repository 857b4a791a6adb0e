import { rounded } from './inspection.js';

interface UnitFactor {
  readonly factor: number;
  readonly why: string;
  /** largest |ln(measured / factor)| */
  readonly tolerance: number;
}

const factors: readonly UnitFactor[] = [
  { factor: 1e6, why: 'W or kWh taken for MW or GWh', tolerance: 0.25 },
  { factor: 1000, why: 'kW taken for MW', tolerance: 0.25 },
  { factor: 100, why: 'a decimal sign lost by two places', tolerance: 0.2 },
  { factor: 10, why: 'a decimal sign lost by one place', tolerance: 0.2 },
  { factor: 4, why: 'power and the energy of a quarter of an hour mixed up', tolerance: 0.12 },
  { factor: 2, why: 'power and the energy of half an hour mixed up', tolerance: 0.08 },
];

/**
 * The factor between units that a ratio of measured to expected load stands for.
 * @param logRatio natural logarithm of the ratio
 * @returns null if it is none of them
 */
export function unitFactor(logRatio: number): { factor: number; reason: string } | null {
  const found = factors.find(
    ({ factor, tolerance }) => Math.abs(Math.abs(logRatio) - Math.log(factor)) <= tolerance,
  );
  if (!found) return null;
  const { factor, why } = found;
  const ratio = Math.exp(logRatio);
  return logRatio > 0
    ? { factor, reason: `${rounded(ratio)} times the expected load, near ${factor}: ${why}` }
    : {
        factor: 1 / factor,
        reason: `${rounded(ratio)} of the expected load, near 1/${factor}: ${why}`,
      };
}
