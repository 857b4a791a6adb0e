import { LoadcastError } from '../core/errors.js';
import type { LoadKind } from '../core/load-kind.js';
import { longestExtraName, mostExtras } from '../core/extra-input.js';
import { unitOfWord, type LoadUnit } from './load-unit.js';
import {
  dateNames,
  loadNames,
  loadWords,
  otherWords,
  temperatureForecastNames,
  temperatureNames,
  timeOfDayNames,
  wholeStampNames,
  weakStampNames,
} from './usual-column-names.js';

/** Options that name columns; each absent one is recognised by its usual names. */
export interface ColumnOptions {
  /** one column, or two joined by `+` for date and time of day, such as `Datum+Uhrzeit` */
  readonly timeColumn?: string;
  readonly loadColumn?: string;
  readonly temperatureColumn?: string;
  readonly temperatureForecastColumn?: string;
  /**
   * for a file without load, in which no column is taken for one: where the loads that it belongs to end, and its
   * temperatures become a forecast
   */
  readonly loadsEndMs?: number;
  /** further inputs of the models; none is taken that is not named */
  readonly extraColumns?: readonly string[];
}

/** A further input: its name in any file, and where this one has it. */
export interface ExtraColumn {
  readonly name: string;
  readonly column: number;
}

/** Indices into the columns of a file. */
export interface LoadColumns {
  /** one index, or date and time of day */
  readonly time: readonly number[];
  /** null for a file without one */
  readonly load: number | null;
  readonly temperature: number | null;
  readonly temperatureForecast: number | null;
  readonly extras: readonly ExtraColumn[];
}

/**
 * Which columns hold time, load, temperature and further inputs.
 * @throws {LoadcastError} MISSING_COLUMN naming the columns of the file and the option to use; INVALID_INPUT for
 * further inputs that are too many or named alike
 */
export function findLoadColumns(
  source: string,
  columns: readonly string[],
  options: ColumnOptions,
): LoadColumns {
  const names = columns.map(normaliseName);
  const named = (option: string, name: string): number => {
    const index = columnNamed(columns, name);
    if (index >= 0) return index;
    throw missing(source, columns, `has no column "${name}" (${option})`);
  };
  const first = (candidates: readonly string[]): number | null => {
    const found = candidates.map((name) => names.indexOf(name)).find((index) => index >= 0);
    return found ?? null;
  };
  const temperature = (usual: readonly string[]): number | null =>
    first(
      usual.flatMap((name) => ['', '_c', '_degc', '_celsius', '_f'].map((unit) => name + unit)),
    );
  const found: LoadColumns = {
    time:
      options.timeColumn === undefined
        ? usualTime(source, columns, first)
        : namedTime(columns, options.timeColumn, named),
    load: options.loadsEndMs === undefined ? loadColumn(source, columns, options, named) : null,
    temperature:
      options.temperatureColumn === undefined
        ? temperature(temperatureNames)
        : named('--temperature-column', options.temperatureColumn),
    temperatureForecast:
      options.temperatureForecastColumn === undefined
        ? temperature(temperatureForecastNames)
        : named('--weather-forecast-column', options.temperatureForecastColumn),
    extras: extraColumns(source, columns, options.extraColumns ?? [], named),
  };
  if (found.load === null && found.temperature === null && found.extras.length === 0)
    throw missing(
      source,
      columns,
      'has no temperature known by its name; name it with --temperature-column, other inputs with --extra-columns',
    );
  return found;
}

function loadColumn(
  source: string,
  columns: readonly string[],
  options: ColumnOptions,
  named: (option: string, name: string) => number,
): number {
  return options.loadColumn === undefined
    ? usualLoad(source, columns)
    : named('--load-column', options.loadColumn);
}

/** Whether these names tell which columns hold time and load. */
export function hasLoadColumns(columns: readonly string[], options: ColumnOptions): boolean {
  try {
    findLoadColumns('', columns, options);
    return true;
  } catch {
    return false;
  }
}

/** The unit that a column's name tells, such as `kW` of `load_kw` or `Netzlast [kW]`; null if it tells none. */
export function unitOfName(column: string): LoadUnit | null {
  for (const word of normaliseName(column).split('_')) {
    const unit = unitOfWord(word);
    if (unit) return unit;
  }
  return null;
}

const kindWords: readonly (readonly [LoadKind, readonly string[]])[] = [
  ['net', ['net', 'netto', 'neto', 'nette']],
  ['gross', ['gross', 'brutto', 'bruto']],
];

/** Whether the load of a column is net or gross, as far as its name tells. */
export function loadKindOfName(column: string): LoadKind | null {
  const words = normaliseName(column).split('_');
  const told = kindWords.filter(([, known]) => known.some((word) => words.includes(word)));
  return told.length === 1 ? (told[0]?.[0] ?? null) : null;
}

/** True if a column's name says that its stamps are UTC. */
export function saysUtc(column: string): boolean {
  return /(^|_)(utc|gmt)(_|$)/.test(normaliseName(column));
}

/** True if a column's name says that it is in °F. */
export function saysFahrenheit(column: string): boolean {
  return /_(f|degf|fahrenheit)$/.test(normaliseName(column));
}

function namedTime(
  columns: readonly string[],
  name: string,
  named: (option: string, name: string) => number,
): number[] {
  const parts = name.split('+').map((part) => part.trim());
  const pair = columnNamed(columns, name) < 0 && parts.length === 2;
  return (pair ? parts : [name]).map((part) => named('--time-column', part));
}

function extraColumns(
  source: string,
  columns: readonly string[],
  wanted: readonly string[],
  named: (option: string, name: string) => number,
): ExtraColumn[] {
  if (wanted.length > mostExtras)
    throw new LoadcastError(
      'INVALID_INPUT',
      `${wanted.length} extra columns are asked for; at most ${mostExtras} are taken (--extra-columns).`,
    );
  const extras = wanted.map((name) => {
    const column = named('--extra-columns', name);
    return { column, name: normaliseName(columns[column] ?? '').slice(0, longestExtraName) };
  });
  for (const [i, { name, column }] of extras.entries()) {
    const same = extras.findIndex((other) => other.name === name);
    if (name === '' || same < i)
      throw new LoadcastError(
        'INVALID_INPUT',
        `${source}: the extra column "${columns[column]}" ${name === '' ? 'has a name without letters and digits' : `is the same as "${columns[extras[same]?.column ?? 0]}"`}; name each once (--extra-columns).`,
      );
  }
  return extras;
}

function usualTime(
  source: string,
  columns: readonly string[],
  first: (candidates: readonly string[]) => number | null,
): number[] {
  const whole = first(wholeStampNames);
  if (whole !== null) return [whole];
  const date = first(dateNames);
  const timeOfDay = first(timeOfDayNames);
  if (date !== null && timeOfDay !== null) return [date, timeOfDay];
  const weak = first(weakStampNames);
  if (weak !== null) return [weak];
  throw missing(
    source,
    columns,
    'has no time column known by its name; name it with --time-column',
  );
}

/** An exact name first; else the one column with a word for load; else the one with a unit of power. */
function usualLoad(source: string, columns: readonly string[]): number {
  const words = columns.map((column) => normaliseName(column).split('_'));
  const bare = words.map((parts) => parts.filter((word) => !isUnit(word)).join('_'));
  const exact = loadNames.map((name) => bare.indexOf(name)).find((index) => index >= 0);
  if (exact !== undefined) return exact;
  const candidates = columns
    .map((_, i) => i)
    .filter((i) => !words[i]?.some((word) => otherWords.includes(word)));
  for (const tells of [(word: string) => loadWords.includes(word), isUnit]) {
    const [only, ...others] = candidates.filter((i) => words[i]?.some(tells));
    if (only === undefined) continue;
    if (others.length === 0) return only;
    const list = [only, ...others].map((i) => `"${columns[i]}"`).join(', ');
    throw missing(source, columns, `has several load columns (${list}); choose with --load-column`);
  }
  throw missing(
    source,
    columns,
    'has no load column known by its name; name it with --load-column',
  );
}

function isUnit(word: string): boolean {
  return unitOfWord(word) !== null;
}

function columnNamed(columns: readonly string[], name: string): number {
  const exact = columns.indexOf(name);
  return exact >= 0
    ? exact
    : columns.findIndex((column) => normaliseName(column) === normaliseName(name));
}

/** Lower case, accents off, words of any script joined by `_`: `Last [kW]` → `last_kw`. */
function normaliseName(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_|_$/g, '');
}

function missing(source: string, columns: readonly string[], what: string): LoadcastError {
  const shown = columns.slice(0, 30).map((column) => `"${column.slice(0, 60)}"`);
  const more = columns.length > shown.length ? ` and ${columns.length - shown.length} more` : '';
  return new LoadcastError(
    'MISSING_COLUMN',
    `${source} ${what}. Its first row must name the columns; it has ${shown.join(', ')}${more}.`,
  );
}
