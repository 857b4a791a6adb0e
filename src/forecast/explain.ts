import { hourMs } from '../core/time.js';
import type { CalendarTable, FeatureTable } from '../features/feature-table.js';
import { usualCourse } from '../features/weather.js';
import { withTemperature } from '../features/with-temperature.js';
import { blendsOf } from './blend-tables.js';
import type { IssueParts } from './issue-forecast.js';
import { coalitions, shapley } from './shapley.js';

export const inputGroups = ['calendar', 'temperature', 'recentLoad', 'holiday'] as const;
export type InputGroup = (typeof inputGroups)[number];

/** What each group of inputs adds to what is typical, shape (horizon,), MW. */
export interface Explanation {
  /** for a Wednesday without any holiday near, with the usual temperature of the season, after ten usual weeks */
  readonly typicalMw: Float64Array;
  /** sum with `typicalMw` to `blendMw` */
  readonly partsMw: Readonly<Record<InputGroup, Float64Array>>;
  /** of the members that could be asked, without the effect of known events */
  readonly blendMw: Float64Array;
  /** members that count in the forecast, but gave no answer for one of the cases */
  readonly leftOut: readonly string[];
}

/**
 * Shapley values of four groups of inputs: 16 runs of the blend, each group as it is or as it typically is. They sum to
 * the forecast exactly.
 * @see Lundberg & Lee (2017), A unified approach to interpreting model predictions
 * @returns null where there is no blend: no models, or none that could be asked
 */
export function explainForecast(parts: IssueParts): Explanation | null {
  const { table, known } = parts;
  if (!table) return null;
  const typical = typicalInputs(table, parts);
  const tables = coalitions(inputGroups).map((groups) => mixed(table, typical, groups));
  const { blends, leftOut } = blendsOf(known.bundle?.fitted ?? [], parts, tables);
  const [typicalMw] = blends;
  const blendMw = blends.at(-1);
  if (!typicalMw || !blendMw) return null;
  const [calendar, temperature, recentLoad, holiday] = shapley(inputGroups.length, blends);
  return {
    typicalMw,
    partsMw: {
      calendar: calendar!,
      temperature: temperature!,
      recentLoad: recentLoad!,
      holiday: holiday!,
    },
    blendMw,
    leftOut,
  };
}

/** Each input of a table as it typically is. */
interface TypicalInputs {
  /** °C, shape (rows,) */
  readonly temperatureC: Float64Array;
  /** MW, shape (originIndex,) */
  readonly loadMw: Float64Array;
  /** calendars of the horizon's rows with Wednesdays alone, and without special days */
  readonly weekday: Pick<CalendarTable, 'weekday' | 'workWeekday'>;
  readonly holidays: Pick<CalendarTable, (typeof holidayColumns)[number]>;
}

const holidayColumns = [
  'holiday',
  'dayBeforeHoliday',
  'dayAfterHoliday',
  'yearEnd',
  'bridge',
  'school',
  'shutdown',
] as const;
const [wednesday, sunday] = [2, 6];

function typicalInputs(table: FeatureTable, { known }: IssueParts): TypicalInputs {
  const { calendar, originIndex, startMs } = table;
  const { temperature } = known.history;
  const offset = Math.round((startMs - temperature.startMs) / hourMs);
  const past = temperature.values.slice(0, offset + originIndex);
  const usual = past.some(Number.isFinite) ? usualCourse(past) : null;
  const none = (column: Float64Array): Float64Array => column.slice().fill(0, originIndex);
  const midweek = (column: Uint8Array): Uint8Array => column.slice().fill(wednesday, originIndex);
  return {
    temperatureC: table.temperatureC.map((celsius, row) =>
      row < originIndex || !usual ? celsius : usual(offset + row),
    ),
    loadMw: usualWeeks(table),
    weekday: {
      weekday: midweek(calendar.weekday),
      workWeekday: midweek(calendar.workWeekday),
    },
    holidays: {
      holiday: none(calendar.holiday),
      dayBeforeHoliday: none(calendar.dayBeforeHoliday),
      dayAfterHoliday: none(calendar.dayAfterHoliday),
      yearEnd: calendar.yearEnd.slice().fill(0, originIndex),
      bridge: none(calendar.bridge),
      school: none(calendar.school),
      shutdown: none(calendar.shutdown),
    },
  };
}

/** The past of the table with each hour at the mean of its weekday and hour; holidays count as Sundays. */
function usualWeeks({ loadMw, calendar, originIndex }: FeatureTable): Float64Array {
  const slot = (row: number): number => {
    const day = calendar.holiday[row]! > 0.5 ? sunday : calendar.workWeekday[row]!;
    return 24 * day + calendar.hour[row]!;
  };
  const sums = new Float64Array(7 * 24);
  const counts = new Float64Array(7 * 24);
  for (let row = 0; row < originIndex; row++) {
    sums[slot(row)]! += loadMw[row]!;
    counts[slot(row)]!++;
  }
  return Float64Array.from(
    { length: originIndex },
    (_, row) => sums[slot(row)]! / counts[slot(row)]!,
  );
}

/** The table with the groups as they are, and the others as they typically are. */
function mixed(
  table: FeatureTable,
  typical: TypicalInputs,
  groups: readonly InputGroup[],
): FeatureTable {
  const is = (group: InputGroup): boolean => groups.includes(group);
  const weather = is('temperature') ? table : withTemperature(table, typical.temperatureC);
  const loadMw = table.loadMw.slice();
  if (!is('recentLoad')) loadMw.set(typical.loadMw);
  return {
    ...weather,
    loadMw,
    calendar: {
      ...table.calendar,
      ...(is('calendar') ? {} : typical.weekday),
      ...(is('holiday') ? {} : typical.holidays),
    },
  };
}
