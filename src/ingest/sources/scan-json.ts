import path from 'node:path';
import { LoadcastError } from '../../core/errors.js';
import { numberText } from '../number-text.js';
import type { CsvHead, CsvLimits, RowSink } from './scan-csv.js';
import { readText } from './text-file.js';

/** A text of this size becomes several times as much memory. */
const mostBytes = 256 * 1024 ** 2;
const deepestTable = 4;

/** Cells of a table and the line or entry (1 = first) that each row comes from. */
interface JsonTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly lines: readonly number[];
}

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Hands the rows of a JSON file, plain or gzipped, to a sink, as text. Understood are a list of objects, a list of lists
 * (with or without one of column names), an object of lists (one a column), any of these inside an object, and a line for
 * each object (NDJSON).
 * @throws {LoadcastError} UNREADABLE_FILE if it is no such JSON, naming the place; INVALID_INPUT if it is over a limit
 */
export async function scanJsonFile<T>(
  file: string,
  limits: CsvLimits,
  sinkOf: (head: CsvHead) => RowSink<T>,
): Promise<T> {
  const { columns, rows, lines } = tableOf(file, await readJson(file, limits));
  if (rows.length > limits.rows)
    throw new LoadcastError(
      'INVALID_INPUT',
      `"${file}" has more than ${limits.rows} rows, the most that are read at once; split it.`,
    );
  const sink = sinkOf({ source: path.basename(file), delimiter: ',', columns });
  for (const [i, row] of rows.entries()) if (!sink.add(row.map(textOf), lines[i] ?? i + 1)) break;
  return sink.end();
}

/** A value, or those of the lines of an NDJSON file. */
type Json =
  { readonly value: unknown } | { readonly values: readonly unknown[]; readonly lines: number[] };

async function readJson(file: string, limits: CsvLimits): Promise<Json> {
  let text = '';
  try {
    for await (const chunk of readText(file, 'utf-8', Math.min(limits.bytes, mostBytes)))
      text += chunk;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw unreadable(file, 'is JSON, but not in UTF-8', error);
  }
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    const values = valuesOfLines(text);
    if (values) return values;
    throw unreadable(file, `is no JSON: ${error instanceof Error ? error.message : ''}`, error);
  }
}

/** null if the first line is no JSON of its own. */
function valuesOfLines(text: string): { values: unknown[]; lines: number[] } | null {
  const values: unknown[] = [];
  const lines: number[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      values.push(JSON.parse(line));
    } catch {
      if (values.length < 2) return null;
      // The row is there, and cannot be read: it is rejected with its line.
      values.push(null);
    }
    lines.push(i + 1);
  }
  return { values, lines };
}

function tableOf(file: string, json: Json): JsonTable {
  if ('values' in json) {
    const table = tableOfList(json.values, json.lines);
    if (table) return table;
    throw unreadable(file, 'has lines of JSON, but no objects or lists in them');
  }
  const found = tablesIn(json.value, 0);
  const [table, ...others] = found;
  if (table && others.length === 0) return table.table;
  throw unreadable(
    file,
    table
      ? `has several tables (${found.map(({ at }) => at).join(', ')}); keep the one with the load`
      : 'has no table: a list of objects, a list of lists, or an object of lists',
  );
}

interface Found {
  readonly at: string;
  readonly table: JsonTable;
}

function tablesIn(value: unknown, depth: number, at = 'the whole'): Found[] {
  const table = Array.isArray(value) ? tableOfList(value) : isObject(value) && tableOfLists(value);
  if (table) return [{ at, table }];
  if (!isObject(value) || depth === deepestTable) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    tablesIn(inner, depth + 1, depth === 0 ? key : `${at}.${key}`),
  );
}

function tableOfList(
  values: readonly unknown[],
  lines = values.map((_, i) => i + 1),
): JsonTable | null {
  const [first] = values;
  if (isObject(first)) {
    const columns = [...new Set(values.flatMap((row) => (isObject(row) ? Object.keys(row) : [])))];
    const rows = values.map((row) => (isObject(row) ? columns.map((name) => row[name]) : []));
    return { columns, rows, lines };
  }
  if (!Array.isArray(first) || first.length < 2) return null;
  const rows = values.map((row): readonly unknown[] => (Array.isArray(row) ? row : []));
  const head = first.every((cell): cell is string => typeof cell === 'string' && isName(cell));
  return head
    ? { columns: first, rows: rows.slice(1), lines: lines.slice(1) }
    : { columns: ['time', 'load', 'temperature'].slice(0, first.length), rows, lines };
}

function tableOfLists(value: JsonObject): JsonTable | null {
  const lists = Object.entries(value).filter(
    (entry): entry is [string, unknown[]] => Array.isArray(entry[1]) && isPlain(entry[1][0]),
  );
  const [first] = lists;
  if (lists.length < 2 || !first) return null;
  const length = Math.max(...lists.map(([, list]) => list.length));
  return {
    columns: lists.map(([name]) => name),
    rows: Array.from({ length }, (_, i) => lists.map(([, list]) => list[i])),
    lines: Array.from({ length }, (_, i) => i + 1),
  };
}

/** Neither number nor stamp. */
function isName(text: string): boolean {
  return !/^\s*[-+]?\d/.test(text);
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value === 'number' || typeof value === 'string';
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is neither text nor number stands as itself, so that it is refused as what it is. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' ? numberText(value) : JSON.stringify(value);
}

function unreadable(file: string, reason: string, cause?: unknown): LoadcastError {
  return new LoadcastError('UNREADABLE_FILE', `"${file}" ${reason}.`, { cause });
}
