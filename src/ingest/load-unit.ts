/** Units a load may come in; those with an h are energy per interval. */
export type LoadUnit = 'W' | 'kW' | 'MW' | 'GW' | 'kWh' | 'MWh' | 'GWh';

export const loadUnits: readonly LoadUnit[] = ['W', 'kW', 'MW', 'GW', 'kWh', 'MWh', 'GWh'];

const mwOf: Readonly<Record<LoadUnit, (value: number, intervalHours: number) => number>> = {
  W: (value) => value / 1e6,
  kW: (value) => value / 1e3,
  MW: (value) => value,
  GW: (value) => value * 1e3,
  kWh: (value, intervalHours) => value / 1e3 / intervalHours,
  MWh: (value, intervalHours) => value / intervalHours,
  GWh: (value, intervalHours) => (value * 1e3) / intervalHours,
};

/**
 * Mean power of an interval.
 * @param value in `unit`
 * @param intervalHours length of the interval, which turns energy into power
 * @returns MW
 */
export function toMw(value: number, unit: LoadUnit, intervalHours: number): number {
  return mwOf[unit](value, intervalHours);
}
