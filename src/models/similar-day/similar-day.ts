import { InsufficientHistoryError, LoadcastError } from '../../core/errors.js';
import { finiteMean } from '../../core/metrics.js';
import type { FeatureTable } from '../../features/feature-table.js';
import { rowsWithin } from '../../features/folds.js';
import type { FittedMember, Member } from '../member.js';
import { loadOf, rowScale, rowSeries, type RowSeries } from '../rows/row-series.js';
import { hoursOfDay, localDay, pastDays, type PastDay, type SimilarDayParameters } from './days.js';
import { restoreSimilarDay, saveSimilarDay } from './saved-similar-day.js';

const name = 'similar-day';

const memoryHours = 4 * 8766;
/** days whose loads are averaged */
const alike = 6;
/** °C as a share of their standard deviation, days of the year, and years of age that count the same */
const [warmthShare, seasonDays, years] = [0.15, 90, 5];
/** days of the same type that must be there, or those of the Sundays and working days are taken */
const leastOfType = 3;
const [midweek, sunday, bridgeDay] = [1, 4, 5];

/**
 * Similar day: the mean course of the days of the same type whose temperatures, season and age are nearest, on the
 * present level of the load. The temperature of the week that the level is of counts as well: a load is read beside its
 * weather.
 * @see Mu, Wu, Liu et al. (2010), Short-term load forecasting using improved similar days method
 */
export const similarDayMember: Member = {
  name,
  requiredHours: 8 * 168,
  // the last five weeks are looked through whenever the member was fitted
  contextHours: 6 * 168,
  fit: (table, options) => {
    const end = Math.min(options.validationStart ?? table.originIndex, table.originIndex);
    const excluded = options.excluded ?? null;
    const available = end - rowsWithin(excluded, end);
    if (available < similarDayMember.requiredHours)
      throw new InsufficientHistoryError(similarDayMember.requiredHours, available, name);
    const start = Math.max(0, end - memoryHours);
    const scale = rowScale(table, start, end);
    const days = pastDays(rowSeries(table, scale), start, end, excluded);
    const parameters: SimilarDayParameters = {
      scale,
      hasTemperature: table.hasTemperature,
      temperatureDeviation: deviationOf(table.temperatureC.subarray(start, end)),
      days,
    };
    return Promise.resolve(fitted(parameters));
  },
  restore: (saved) => Promise.resolve(fitted(restoreSimilarDay(saved, name))),
};

function fitted(parameters: SimilarDayParameters): FittedMember {
  return {
    name,
    facts: {
      days: parameters.days.filter(({ load }) => load.some(Number.isFinite)).length,
      temperature: parameters.hasTemperature ? 'yes' : 'no',
      scale: parameters.scale.kind,
    },
    curves: [],
    steps: null,
    predict: (table) => ({ pointMw: predict(parameters, table) }),
    save: () => saveSimilarDay(parameters, name),
    dispose: () => undefined,
  };
}

function predict(parameters: SimilarDayParameters, table: FeatureTable): Float64Array {
  const { originIndex, length } = table;
  if (parameters.hasTemperature && !table.hasTemperature)
    throw new LoadcastError(
      'INVALID_INPUT',
      'The similar-day member was trained with temperature, and the forecast has none; supply it or train without.',
    );
  if (originIndex < similarDayMember.contextHours)
    throw new InsufficientHistoryError(similarDayMember.contextHours, originIndex, name);
  const series = rowSeries(table, parameters.scale);
  const from = originIndex - similarDayMember.contextHours + 168;
  const recent = pastDays(series, from, originIndex);
  const first = recent[0]?.day ?? Number.POSITIVE_INFINITY;
  const days = [...parameters.days.filter(({ day }) => day < first), ...recent];
  const byDay = new Map(days.map((past) => [past.day, past]));
  const level = series.weekLevel[originIndex - 1]!;
  const origin = localDay(table, originIndex);
  const pointMw = new Float64Array(length - originIndex);
  const courses = new Map<number, Float64Array>();
  for (let row = originIndex; row < length; row++) {
    const day = localDay(table, row);
    // Hours that are missing in a course, as in spring, are taken from the one before.
    const course = courses.get(day) ?? courseOf(parameters, series, days, byDay, day, day - origin);
    courses.set(day, course);
    pointMw[row - originIndex] = loadOf(
      parameters.scale,
      level + course[table.calendar.hour[row]!]!,
    );
  }
  return pointMw;
}

/** Mean course of the days that are most alike, relative to the level that was known so many days before them. */
function courseOf(
  parameters: SimilarDayParameters,
  series: RowSeries,
  days: readonly PastDay[],
  byDay: ReadonlyMap<number, PastDay>,
  day: number,
  daysAhead: number,
): Float64Array {
  const target = targetDay(series, day);
  const candidates = ofType(days, target.type).map((past) => {
    const known = byDay.get(past.day - daysAhead) ?? past;
    return {
      past,
      distance: distance(parameters, target, day, past, known),
      shift: past.level - known.level,
    };
  });
  const nearest = candidates
    .filter((candidate) => Number.isFinite(candidate.distance + candidate.shift))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, alike);
  if (nearest.length === 0) throw new InsufficientHistoryError(8 * 168, 0, name);
  return Float64Array.from({ length: hoursOfDay }, (_, hour) => {
    const weights = nearest.map((near) =>
      Number.isFinite(near.past.load[hour]) ? 1 / (0.1 + near.distance) : 0,
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const sum = nearest.reduce(
      (of, { past, shift }, i) =>
        weights[i] === 0 ? of : of + weights[i]! * (past.load[hour]! + shift),
      0,
    );
    return total > 0 ? sum / total : finiteMean(nearest.map(({ past }) => finiteMean(past.load)));
  });
}

interface TargetDay {
  readonly type: number;
  readonly temperature: Float64Array;
  /** °C, mean of the week before the forecast */
  readonly weekTemperature: number;
}

/** A day of the horizon; of one that it cuts the hours that the table has. */
function targetDay({ table, dayType, temperatures }: RowSeries, day: number): TargetDay {
  const temperature = new Float64Array(hoursOfDay).fill(Number.NaN);
  let type = midweek;
  for (let row = 0; row < table.length; row++) {
    if (localDay(table, row) !== day) continue;
    type = dayType[row]!;
    if (table.hasTemperature) temperature[table.calendar.hour[row]!] = table.temperatureC[row]!;
  }
  const weekTemperature = temperatures?.week[table.originIndex - 1] ?? Number.NaN;
  return { type, temperature, weekTemperature };
}

/** Days with loads of the type; of a rare one those of the type that it is most like. */
function ofType(days: readonly PastDay[], type: number): PastDay[] {
  const known = days.filter(({ load }) => load.some(Number.isFinite));
  for (const wanted of [type, type === bridgeDay ? midweek : sunday]) {
    const found = known.filter((day) => day.type === wanted);
    if (found.length >= leastOfType) return found;
  }
  return known;
}

function distance(
  { hasTemperature, temperatureDeviation }: SimilarDayParameters,
  target: TargetDay,
  day: number,
  past: PastDay,
  known: PastDay,
): number {
  const apart = (day - past.day) % 365.25;
  const season = Math.min(apart, 365.25 - apart) / seasonDays;
  const age = (day - past.day) / 365.25 / years;
  if (!hasTemperature) return season ** 2 + age;
  const square = (celsius: number): number => (celsius / (warmthShare * temperatureDeviation)) ** 2;
  const course = finiteMean(
    target.temperature.map((celsius, hour) => square(celsius - past.temperature[hour]!)),
  );
  return course + square(target.weekTemperature - known.weekTemperature) + season ** 2 + age;
}

function deviationOf(values: Float64Array): number {
  const known = values.filter(Number.isFinite);
  const mean = finiteMean(known);
  const deviation = Math.sqrt(finiteMean(known.map((value) => (value - mean) ** 2)));
  return deviation > 1e-6 ? deviation : 1;
}
