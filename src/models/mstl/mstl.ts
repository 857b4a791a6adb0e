import { InsufficientHistoryError, LoadcastError } from '../../core/errors.js';
import { hourMs } from '../../core/time.js';
import type { FeatureTable } from '../../features/feature-table.js';
import { rowsWithin } from '../../features/folds.js';
import type { FittedMember, Member } from '../member.js';
import { loadOf, rowScale, type RowScale } from '../rows/row-series.js';
import { forecastMstl } from './augurs-mstl.js';

const name = 'mstl';
/** four weekly seasons at least, six at most: more were hardly better */
const [leastHours, mostHours] = [4 * 168, 6 * 168];
const seasons = [24, 168];

/**
 * MSTL and exponential smoothing on the last six weeks, by the local clock: for series without weather. It is fitted
 * anew for each forecast; what is stored is the scale alone.
 */
export const mstlMember: Member = {
  name,
  requiredHours: leastHours,
  contextHours: mostHours,
  fit: (table, { validationStart, excluded }) => {
    const end = Math.min(validationStart ?? table.originIndex, table.originIndex);
    const available = end - rowsWithin(excluded, end);
    if (available < leastHours) throw new InsufficientHistoryError(leastHours, available, name);
    return Promise.resolve(fitted(rowScale(table, 0, end)));
  },
  restore: (saved) => {
    const { manifest } = saved;
    if (saved.name === name && saved.weights.byteLength === 0 && isScale(manifest))
      return Promise.resolve(fitted(manifest));
    throw new LoadcastError('DAMAGED_MODEL', `The manifest of ${name} cannot be read; retrain.`);
  },
};

function isScale(manifest: unknown): manifest is RowScale {
  if (typeof manifest !== 'object' || manifest === null) return false;
  const { kind, unitMw } = manifest as Partial<Record<keyof RowScale, unknown>>;
  return (kind === 'log' || kind === 'linear') && typeof unitMw === 'number' && unitMw > 0;
}

function fitted(scale: RowScale): FittedMember {
  return {
    name,
    facts: { seasons: seasons.map((hours) => `${hours} h`).join(', '), scale: scale.kind },
    curves: [],
    steps: null,
    predict: (table) => ({ pointMw: predict(scale, table) }),
    save: () => ({ name, manifest: { ...scale }, weights: new Uint8Array(0) }),
    dispose: () => undefined,
  };
}

function predict(scale: RowScale, table: FeatureTable): Float64Array {
  const { originIndex, length, loadMw } = table;
  const from = Math.max(0, originIndex - mostHours);
  if (originIndex - from < leastHours)
    throw new InsufficientHistoryError(leastHours, originIndex, name);
  const first = clockHour(table, from);
  const known = new Float64Array(clockHour(table, originIndex - 1) - first + 1).fill(Number.NaN);
  for (let row = from; row < originIndex; row++)
    known[clockHour(table, row) - first] =
      scale.kind === 'log' ? Math.log(loadMw[row]!) : loadMw[row]! / scale.unitMw;
  // An hour that the clock skips has the load of the one before; a doubled one that of its second.
  for (let i = 1; i < known.length; i++) if (Number.isNaN(known[i]!)) known[i] = known[i - 1]!;
  const horizon = clockHour(table, length - 1) - first + 1 - known.length;
  const values = forecastMstl(known, seasons, Math.max(1, horizon));
  return Float64Array.from({ length: length - originIndex }, (_, lead) => {
    const step = clockHour(table, originIndex + lead) - first - known.length;
    return loadOf(scale, values[Math.max(0, step)]!);
  });
}

/** Hours on the local clock since 1970. */
function clockHour({ calendar }: FeatureTable, row: number): number {
  return Math.floor(calendar.localMs[row]! / hourMs);
}
