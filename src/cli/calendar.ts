import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { Workplace } from '../app.js';
import {
  dayKinds,
  entryProblem,
  eventKinds,
  type DayKind,
  type EventKind,
  type LoadEvent,
} from '../core/calendar-entry.js';
import { LoadcastError } from '../core/errors.js';
import { isoUtc, localDate, plusLocalDays, startOfLocalDay, type Interval } from '../core/time.js';
import { specialDays } from '../features/special-days.js';
import { readSpan } from '../ingest/calendar/span-text.js';
import { addCalendarFile } from '../jobs/calendar/add-calendar-file.js';
import { placeWithCalendar } from '../jobs/series-history.js';
import type { Series } from '../store/store.js';
import { printLine, writeJson, type JsonTarget } from './json-output.js';
import { decimal, wholeNumber } from './options.js';
import { describeDay, describeRecord, recordJson } from './print-calendar.js';
import { chosenSeries, seriesCommand, withWorkplace } from './series-command.js';

interface CalendarOptions {
  readonly series?: string;
  readonly add?: string;
  readonly kind?: DayKind | EventKind;
  readonly region?: string;
  readonly event?: EventKind;
  readonly from?: string;
  readonly to?: string;
  readonly mw?: number;
  readonly mask?: boolean;
  readonly name?: string;
  readonly withdraw?: number;
  readonly reason?: string;
  readonly json?: JsonTarget;
}

/** What goes with each thing that the command does; the rest is refused. */
const companions = {
  add: ['kind', 'region', 'reason'],
  event: ['from', 'to', 'mw', 'mask', 'name', 'reason'],
  withdraw: [],
  list: ['from', 'to'],
} as const satisfies Record<string, readonly (keyof CalendarOptions)[]>;

const listedRejects = 20;
const mostMw = 1_000_000;

export function registerCalendar(program: Command): void {
  seriesCommand(
    program,
    'calendar',
    "list a series' special days of the coming year, add days and events to them, or withdraw some",
  )
    .option('--add <file>', 'add the days and events of a CSV file or an iCal file (.ics)')
    .addOption(
      new Option('--kind <kind>', 'what the events of an iCal file are (default: school)').choices([
        ...dayKinds,
        ...eventKinds,
      ]),
    )
    .option('--region <region>', 'the part of the load area that a file without regions is of')
    .addOption(new Option('--event <kind>', 'add one event').choices(eventKinds))
    .option('--from <time>', 'begin: a local day, or a time such as 2026-03-01T08:00')
    .option('--to <time>', 'end: the last local day, or a time that it stops at')
    .option('--mw <n>', 'change of the load, below 0 where it falls', decimal(-mostMw, mostMw))
    .option('--mask', 'leave its past loads out instead of correcting them')
    .option('--name <text>', 'what the event is called (default: its kind)')
    .option('--reason <text>', 'why, for those who read it later')
    .option('--withdraw <id>', 'withdraw an entry by its number', wholeNumber(1, 2 ** 31))
    .action(calendar);
}

async function calendar(name: string | undefined, options: CalendarOptions): Promise<void> {
  const action = actionOf(options);
  await withWorkplace(async (workplace) => {
    const series = await chosenSeries(workplace, name ?? options.series);
    if (action === 'add') await addFile(workplace, series, options);
    else if (action === 'event') await addEvent(workplace, series, options);
    else if (action === 'withdraw') await withdraw(workplace, series, options);
    else await list(workplace, series, options);
  });
}

function actionOf(options: CalendarOptions): keyof typeof companions {
  const actions = (['add', 'event', 'withdraw'] as const).filter(
    (action) => options[action] !== undefined,
  );
  if (actions.length > 1)
    throw new LoadcastError(
      'INVALID_INPUT',
      `Give one of ${actions.map((action) => `--${action}`).join(' and ')} at a time.`,
    );
  const action = actions[0] ?? 'list';
  const allowed: readonly string[] = companions[action];
  const all = new Set(Object.values(companions).flat());
  for (const option of all)
    if (options[option] !== undefined && !allowed.includes(option))
      throw new LoadcastError(
        'INVALID_INPUT',
        `--${option} does not go with ${action === 'list' ? 'a list' : `--${action}`}.`,
      );
  return action;
}

async function addFile(
  { services }: Workplace,
  series: Series,
  { add = '', kind, region, reason, json }: CalendarOptions,
): Promise<void> {
  const result = await addCalendarFile(services, series, resolve(add), {
    author: author(),
    reason: reason ?? null,
    ...(kind === undefined ? {} : { kind }),
    ...(region === undefined ? {} : { region }),
  });
  const { source, added, unchanged, rejected } = result;
  if (json !== true) {
    printLine(
      json,
      `${source}: ${added} entries added to the calendar of ${series.name}, ${unchanged} unchanged, ${rejected.length} rejected.`,
    );
    for (const { line, reason: why } of rejected.slice(0, listedRejects))
      printLine(json, `  ${line === null ? '' : `line ${line}: `}${why}`);
    if (rejected.length > listedRejects)
      printLine(json, `  … and ${rejected.length - listedRejects} more; --json lists them all.`);
    if (added > 0)
      printLine(
        json,
        'Forecasts know them from now on; what breaks, shutdowns and bridge days do to the load is learned by the next training.',
      );
  }
  await writeJson(json, result);
}

async function addEvent(
  { store, services }: Workplace,
  series: Series,
  options: CalendarOptions,
): Promise<void> {
  const { event: kind = 'outage', from, to, mw, mask = false, name = kind, json } = options;
  if (from === undefined || to === undefined)
    throw new LoadcastError('INVALID_INPUT', 'An event needs --from and --to.');
  const event: LoadEvent = {
    kind,
    name,
    ...readSpan(from, to, series.place.zone),
    effectMw: mw ?? null,
    masked: mask || mw === undefined,
  };
  const problem = entryProblem(event);
  if (problem !== null)
    throw new LoadcastError('INVALID_INPUT', `The ${kind} cannot be added: ${problem}.`);
  const { added } = await store.addCalendarEntries(series.id, [event], {
    atMs: services.nowMs(),
    author: author(),
    source: 'command line',
    reason: options.reason ?? null,
  });
  const records = await store.readCalendarEntries(series.id);
  const record = records.findLast(
    ({ entry }) => entry.startMs === event.startMs && entry.kind === kind && entry.name === name,
  );
  if (!record) throw new Error('The event that was added cannot be found.');
  if (json !== true)
    printLine(
      json,
      `${added === 1 ? 'Added' : 'There already'}: ${describeRecord(record, series.place.zone)}`,
    );
  await writeJson(json, recordJson(record));
}

async function withdraw(
  { store, services }: Workplace,
  series: Series,
  { withdraw: id = 0, json }: CalendarOptions,
): Promise<void> {
  const record = await store.withdrawCalendarEntry(series.id, id, {
    atMs: services.nowMs(),
    author: author(),
  });
  if (json !== true) printLine(json, `Withdrawn: ${describeRecord(record, series.place.zone)}`);
  await writeJson(json, recordJson(record));
}

async function list(
  { store, services }: Workplace,
  series: Series,
  options: CalendarOptions,
): Promise<void> {
  const { zone, holidayRegion } = series.place;
  const interval = listedInterval(options, zone, services.nowMs());
  const days = specialDays(await placeWithCalendar(store, series), interval);
  const records = (await store.readCalendarEntries(series.id)).filter(
    ({ entry }) => entry.startMs < interval.endMs && entry.endMs > interval.startMs,
  );
  const [from, to] = [interval.startMs, interval.endMs - 1].map((ms) => localDate(ms, zone));
  const { json } = options;
  if (json !== true) {
    printLine(
      json,
      `Special days of ${series.name} from ${from} to ${to}, ${zone}, holidays ${holidayRegion ?? 'of no region'}`,
    );
    for (const day of days) printLine(json, describeDay(day));
    if (days.length === 0) printLine(json, 'none');
    if (records.length > 0) printLine(json, 'Added to the calendar');
    for (const record of records) printLine(json, describeRecord(record, zone));
  }
  await writeJson(json, {
    series: series.id,
    zone,
    holidayRegion,
    start: isoUtc(interval.startMs),
    end: isoUtc(interval.endMs),
    days,
    entries: records.map(recordJson),
  });
}

/** A year from today, or whole local days as the options say. */
function listedInterval({ from, to }: CalendarOptions, zone: string, nowMs: number): Interval {
  const startMs = startOfLocalDay(
    from === undefined ? nowMs : readSpan(from, '', zone).startMs,
    zone,
  );
  const endMs = to === undefined ? plusLocalDays(startMs, zone, 365) : readSpan(to, '', zone).endMs;
  if (endMs > startMs) return { startMs, endMs };
  throw new LoadcastError('INVALID_INPUT', `--from ${from ?? 'today'} is after --to ${to ?? ''}.`);
}

/** Who is at the command line. */
function author(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown'; // a container may run as a user without a name
  }
}
