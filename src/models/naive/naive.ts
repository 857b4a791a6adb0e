import { InsufficientHistoryError, LoadcastError } from '../../core/errors.js';
import { rowDaysBefore } from '../../features/calendar.js';
import type { FeatureTable } from '../../features/feature-table.js';
import { rowsWithin } from '../../features/folds.js';
import type { FittedMember, Member, SavedMember } from '../member.js';

const name = 'naive';

/** Weeks back that are tried before an imputed value is taken. */
const weeksBack = 6;

/**
 * Seasonal naive: the load of the same local clock hour seven days before, further weeks back where that is imputed or
 * not yet known. It has nothing to learn; it is the yardstick and the last rung but one.
 */
export const naiveMember: Member = {
  name,
  requiredHours: 169, // a week with the doubled hour of autumn
  contextHours: weeksBack * 168 + 24,
  fit: (table, { excluded }) => {
    const available = table.originIndex - rowsWithin(excluded, table.originIndex);
    if (available < naiveMember.requiredHours)
      throw new InsufficientHistoryError(naiveMember.requiredHours, available, name);
    return Promise.resolve(fitted);
  },
  restore: (saved) => {
    if (saved.name !== name)
      throw new LoadcastError('DAMAGED_MODEL', `Model "${saved.name}" is not "${name}".`);
    return Promise.resolve(fitted);
  },
};

const fitted: FittedMember = {
  name,
  facts: { method: 'same local hour a week before' },
  curves: [],
  steps: null,
  predict: (table) => {
    const pointMw = new Float64Array(table.length - table.originIndex);
    for (let lead = 0; lead < pointMw.length; lead++)
      pointMw[lead] = loadWeeksBefore(table, table.originIndex + lead);
    return { pointMw };
  },
  save: (): SavedMember => ({ name, manifest: {}, weights: new Uint8Array(0) }),
  dispose: () => undefined,
};

/**
 * Load of the same local clock hour of the newest measured week before; an imputed one where none was measured.
 * @returns MW
 * @throws {InsufficientHistoryError} if no week before the row lies in the table
 */
function loadWeeksBefore(table: FeatureTable, row: number): number {
  let imputed = Number.NaN;
  for (let weeks = 1; weeks <= weeksBack; weeks++) {
    const source = rowDaysBefore(table.calendar, row, 7 * weeks);
    if (source < 0 || source >= table.originIndex) continue;
    if (table.loadImputed[source] === 0) return table.loadMw[source]!;
    if (Number.isNaN(imputed)) imputed = table.loadMw[source]!;
  }
  if (Number.isNaN(imputed)) throw new InsufficientHistoryError(168, table.originIndex, name);
  return imputed;
}
