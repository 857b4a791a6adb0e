import {
  dayKinds,
  entryProblem,
  eventKinds,
  isDayKind,
  isEventKind,
  type CalendarEntry,
} from '../../core/calendar-entry.js';
import { LoadcastError, messageOf } from '../../core/errors.js';
import { readCsvFile } from '../sources/csv-file.js';
import {
  mostBytes,
  mostEntries,
  type CalendarFile,
  type CalendarFileOptions,
  type RejectedEntry,
} from './calendar-file.js';
import { readSpan } from './span-text.js';

const columns = ['date', 'end', 'region', 'kind', 'name', 'share', 'mw', 'mask'] as const;
type Row = Readonly<Record<(typeof columns)[number], string>>;

/** Rows `date,region,kind,name`, and `end`, `share`, `mw`, `mask` where they are there. */
export async function readCalendarCsv(
  file: string,
  options: CalendarFileOptions,
): Promise<CalendarFile> {
  const table = await readCsvFile(file, { bytes: mostBytes, rows: mostEntries });
  const names = table.columns.map((name) => name.toLowerCase());
  for (const name of ['date', 'kind'])
    if (!names.includes(name))
      throw new LoadcastError(
        'MISSING_COLUMN',
        `"${table.source}" has no column "${name}"; it has ${table.columns.join(', ')}. A calendar needs date, region, kind and name, and may have end, share, mw and mask.`,
      );
  const entries: CalendarEntry[] = [];
  const rejected: RejectedEntry[] = [];
  for (const [i, cells] of table.rows.entries()) {
    const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
    const row: Row = {
      date: cell('date'),
      end: cell('end'),
      region: cell('region'),
      kind: cell('kind').toLowerCase(),
      name: cell('name'),
      share: cell('share'),
      mw: cell('mw'),
      mask: cell('mask').toLowerCase(),
    };
    try {
      entries.push(entryOf(row, options));
    } catch (error) {
      if (!(error instanceof LoadcastError)) throw error;
      rejected.push({ line: table.lines[i] ?? null, reason: messageOf(error) });
    }
  }
  return { source: table.source, entries, rejected };
}

function entryOf(row: Row, options: CalendarFileOptions): CalendarEntry {
  const { kind } = row;
  const span = {
    name: row.name === '' ? kind : row.name,
    ...readSpan(row.date, row.end, options.zone),
  };
  const region = row.region === '' ? (options.region ?? null) : row.region.toUpperCase();
  let entry: CalendarEntry;
  if (isDayKind(kind)) {
    refuse(row, ['mw', 'mask']);
    entry = { kind, ...span, region, share: numberOf(row, 'share') ?? 1 };
  } else if (isEventKind(kind)) {
    refuse(row, ['share']);
    const effectMw = numberOf(row, 'mw');
    entry = { kind, ...span, effectMw, masked: effectMw === null || isYes(row.mask) };
  } else {
    throw invalid(`the kind "${kind}" is none of ${[...dayKinds, ...eventKinds].join(', ')}`);
  }
  const problem = entryProblem(entry);
  if (problem !== null) throw invalid(`"${entry.name}": ${problem}`);
  return entry;
}

/** What is no use to a kind was meant otherwise. */
function refuse(row: Row, names: readonly ('share' | 'mw' | 'mask')[]): void {
  const odd = names.find((name) => row[name] !== '');
  if (odd !== undefined) throw invalid(`"${row.kind}" has no ${odd}, and this one "${row[odd]}"`);
}

function numberOf(row: Row, name: 'share' | 'mw'): number | null {
  const text = row[name];
  if (text === '') return null;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw invalid(`${name} "${text}" is no number such as 0.5`);
}

function isYes(text: string): boolean {
  if (text === '' || text === 'no') return false;
  if (text === 'yes') return true;
  throw invalid(`mask "${text}" is neither yes nor no`);
}

function invalid(message: string): LoadcastError {
  return new LoadcastError('INVALID_INPUT', message);
}
