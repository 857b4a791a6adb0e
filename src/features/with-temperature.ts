import type { FeatureTable } from './feature-table.js';
import { trailingMean } from './weather.js';

/**
 * The table with another temperature in its horizon.
 * @param temperatureC shape (rows,), the same before the origin
 */
export function withTemperature(table: FeatureTable, temperatureC: Float64Array): FeatureTable {
  if (!table.hasTemperature) return table;
  const { originIndex } = table;
  return {
    ...table,
    temperatureC,
    temperature24hC: meansOf(table.temperature24hC, temperatureC, 24, originIndex),
    temperature72hC: meansOf(table.temperature72hC, temperatureC, 72, originIndex),
  };
}

/** Trailing means of the horizon's rows anew; those of the past, whose first rows reach before the table, as they are. */
function meansOf(
  known: Float64Array,
  values: Float64Array,
  hours: number,
  originIndex: number,
): Float64Array {
  const means = known.slice();
  const from = Math.max(0, originIndex - hours);
  means.set(trailingMean(values.subarray(from), hours).subarray(originIndex - from), originIndex);
  return means;
}
