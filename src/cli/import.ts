import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { Workplace } from '../app.js';
import { LoadcastError } from '../core/errors.js';
import { loadKinds, type LoadKind } from '../core/load-kind.js';
import { loadStages, type LoadStage } from '../core/load-stage.js';
import type { ImportSummary } from '../core/quality-issue.js';
import { countReadings, type ReadingColumns } from '../core/reading-columns.js';
import { seriesIdOf } from '../core/series-id.js';
import { isoUtc } from '../core/time.js';
import { buildCalendar } from '../features/calendar.js';
import { loadKindOfName } from '../ingest/column-names.js';
import { definedOnly } from '../ingest/file-options.js';
import { loadFileLimits, readLoadColumns, type LoadFile } from '../ingest/load-file.js';
import { loadUnits, type LoadUnit } from '../ingest/load-unit.js';
import { endOfLoads, importFile } from '../jobs/ingest/import-file.js';
import { inspectSeries } from '../jobs/quality/inspect-series.js';
import { rememberSource, type SourceFile } from '../jobs/ingest/source-file.js';
import type { Series } from '../store/store.js';
import { jsonOption, printLine, writeJson, type JsonTarget } from './json-output.js';
import { decimal, extraColumnsOption, wholeNumber, zone } from './options.js';
import { quietProgress } from './progress.js';
import { withWorkplace } from './series-command.js';

interface ImportOptions {
  readonly series: string;
  readonly zone?: string;
  readonly holidays?: string;
  readonly sheet?: string;
  readonly timeColumn?: string;
  readonly loadColumn?: string;
  readonly withoutLoad?: boolean;
  readonly temperatureColumn?: string;
  readonly extraColumns?: string[];
  readonly loadUnit?: LoadUnit;
  readonly loadKind?: LoadKind;
  readonly stage?: LoadStage;
  readonly stamps?: 'start' | 'end';
  readonly dateOrder?: 'dmy' | 'mdy';
  readonly decimal?: '.' | ',';
  readonly latitude?: number;
  readonly longitude?: number;
  readonly reportingDelayHours?: number;
  readonly json?: JsonTarget;
}

const listedIssues = 20;

export function registerImport(program: Command): void {
  program
    .command('import')
    .description('read load, and temperature if there is one, from a file into a series')
    .argument('<file>', 'CSV or JSON file, gzipped or not, or an Excel workbook')
    .requiredOption('--series <name>', 'the series to write to; made where it does not exist')
    .option('--zone <zone>', 'time zone, such as Europe/Paris; needed for a new series', zone)
    .option(
      '--holidays <region>',
      'public holidays, such as FR, AU-VIC or DE-BY:13.2,DE-NW:18.0 with weights',
    )
    .option('--sheet <name>', 'sheet of a workbook (default: the first with a load)')
    .option('--time-column <name>', 'column of the stamps (default: by its usual names)')
    .option('--load-column <name>', 'column of the load (default: by its usual names)')
    .option('--temperature-column <name>', 'column of the temperature, °C')
    .addOption(extraColumnsOption())
    .addOption(
      new Option(
        '--without-load',
        'the file has no load: its temperature and extra columns go with the loads that the series has',
      ).conflicts(['loadColumn', 'loadUnit', 'loadKind', 'stage']),
    )
    .addOption(
      new Option('--load-unit <unit>', "unit (default: by the column's name, else MW)").choices(
        loadUnits,
      ),
    )
    .addOption(
      new Option(
        '--load-kind <kind>',
        "whether generation behind the meters is taken off the load (default: by the column's name)",
      ).choices(loadKinds),
    )
    .addOption(
      new Option(
        '--stage <stage>',
        'what the loads were measured for: settled ones replace operational ones (default: operational)',
      ).choices(loadStages),
    )
    .addOption(
      new Option('--stamps <mark>', 'what stamps mark (default: start)').choices(['start', 'end']),
    )
    .addOption(
      new Option('--date-order <order>', 'for dates such as 03/04/2024').choices(['dmy', 'mdy']),
    )
    .addOption(new Option('--decimal <sign>', 'decimal sign of the numbers').choices(['.', ',']))
    .option('--latitude <degrees>', 'for the weather forecast of Open-Meteo', decimal(-90, 90))
    .option('--longitude <degrees>', 'for the weather forecast of Open-Meteo', decimal(-180, 180))
    .option(
      '--reporting-delay-hours <n>',
      'hours that loads usually arrive late',
      wholeNumber(0, 168),
    )
    .addOption(jsonOption())
    .action(importLoad);
}

async function importLoad(path: string, options: ImportOptions): Promise<void> {
  if ((options.latitude === undefined) !== (options.longitude === undefined))
    throw new LoadcastError(
      'INVALID_INPUT',
      'Give both --latitude and --longitude, or neither of them.',
    );
  await withWorkplace(async (workplace) => {
    const { services } = workplace;
    const known = await services.store.findSeries(seriesIdOf(options.series));
    const loadsEndMs =
      options.withoutLoad === true
        ? await endOfLoads(services.store, known ?? missingLoads(options.series))
        : undefined;
    const place = {
      zone: options.zone ?? known?.place.zone ?? missingZone(options.series),
      holidayRegion: options.holidays ?? known?.place.holidayRegion ?? null,
    };
    // An unknown holiday region is refused before anything is read.
    buildCalendar(place, 0, 1);
    const source: SourceFile = {
      file: resolve(path),
      modifiedMs: await modifiedMs(path),
      options: {
        sheet: options.sheet,
        timeColumn: options.timeColumn,
        loadColumn: options.loadColumn,
        temperatureColumn: options.temperatureColumn,
        extraColumns: options.extraColumns,
        unit: options.loadUnit,
        stamps: options.stamps,
        dateOrder: options.dateOrder,
        decimal: options.decimal,
        zone: place.zone,
      },
    };
    const report = quietProgress(`Importing ${basename(source.file)}`);
    const file = await readLoadColumns(
      source.file,
      {
        ...definedOnly(source.options),
        ...(loadsEndMs === undefined ? {} : { loadsEndMs }),
      },
      loadFileLimits,
      (rows) => report(`${rows} rows read`),
    );
    const series = describeSeries(workplace, options, known, place, file);
    await services.store.saveSeries(series);
    const summary = await importFile(services.store, series, file, services.nowMs(), {
      stage: options.stage,
      onProgress: report,
    });
    // What comes beside the usual loads changes nothing in where those come from.
    if (options.stage !== 'settlement' && loadsEndMs === undefined)
      await rememberSource(services.sourcesFolder, series.id, source);
    report('looking for faults');
    const since = loadsEndMs === undefined ? file.firstMs : undefined;
    const { added: marked } = await inspectSeries(services, series, since);
    if (options.json !== true) printSummary(options.json, series, file, summary);
    if (options.json !== true && marked > 0)
      printLine(
        options.json,
        `  Doubtful stretches of load: ${marked}; \`loadcast quality ${series.id}\` shows them.`,
      );
    await writeJson(options.json, { seriesId: series.id, ...summary });
  });
}

/** @throws {LoadcastError} INVALID_INPUT for net load in a series of gross load, or the other way round */
function loadKindOf(
  { loadKind, series }: ImportOptions,
  known: Series | null,
  { columns: { load } }: LoadFile<ReadingColumns>,
): LoadKind | null {
  const told = loadKind ?? (load === null ? null : loadKindOfName(load));
  const before = known?.loadKind ?? null;
  if (before !== null && told !== null && told !== before)
    throw new LoadcastError(
      'INVALID_INPUT',
      `The series "${series}" is of ${before} load, ${loadKind === undefined ? `the column "${load}" by its name` : 'this file'} of ${told} load: import it into a series of its own${loadKind === undefined ? `, or say --load-kind ${before}` : ''}.`,
    );
  return told ?? before;
}

function describeSeries(
  { services }: Workplace,
  options: ImportOptions,
  known: Series | null,
  place: Series['place'],
  file: LoadFile<ReadingColumns>,
): Series {
  return {
    id: seriesIdOf(options.series),
    name: known?.name ?? options.series,
    place,
    resolutionMinutes: known?.resolutionMinutes ?? file.resolutionMinutes,
    latitude: options.latitude ?? known?.latitude ?? null,
    longitude: options.longitude ?? known?.longitude ?? null,
    kind: known?.kind ?? 'live',
    loadKind: loadKindOf(options, known, file),
    sourceUnit: file.columns.load === null ? (known?.sourceUnit ?? 'MW') : file.unit,
    reportingDelayHours: options.reportingDelayHours ?? known?.reportingDelayHours ?? 0,
    createdAtMs: known?.createdAtMs ?? services.nowMs(),
  };
}

function printSummary(
  json: JsonTarget,
  series: Series,
  file: LoadFile<ReadingColumns>,
  summary: ImportSummary,
): void {
  const { columns } = file;
  printLine(
    json,
    `Read ${summary.source}: time "${columns.time}" (stamps at the ${file.stamps}), ${loadText(series, file)}, ${columns.temperature === null ? 'no temperature' : `temperature "${columns.temperature}"`}${extrasText(file)}, one row every ${file.resolutionMinutes} min.`,
  );
  printLine(
    json,
    `${summary.rows} rows, ${summary.rejected} rejected. Series ${series.id}: ${summary.added} ${columns.load === null ? 'values' : 'loads'} added, ${summary.revised} revised, ${summary.unchanged} unchanged.`,
  );
  if (columns.load === null && file.futureTemperature.length > 0)
    printLine(
      json,
      `${file.futureTemperature.length} temperatures after the last load serve as weather forecast.`,
    );
  if (columns.load !== null && summary.firstMs !== null && summary.endMs !== null)
    printLine(
      json,
      `Loads from ${isoUtc(summary.firstMs)} to ${isoUtc(summary.endMs)}; ${file.futureTemperature.length} temperatures after them serve as weather forecast.`,
    );
  for (const issue of summary.issues.slice(0, listedIssues))
    printLine(
      json,
      `  ${issue.line === null ? '' : `line ${issue.line}: `}${issue.reason}${issue.count > 1 ? ` (${issue.count} times)` : ''}`,
    );
  if (summary.issues.length > listedIssues)
    printLine(json, `  … and ${summary.issues.length - listedIssues} more; --json lists them all.`);
}

function loadText({ loadKind }: Series, { columns, unit }: LoadFile<ReadingColumns>): string {
  if (columns.load === null) return 'no load';
  return `${loadKind === null ? '' : `${loadKind} `}load "${columns.load}" in ${unit}`;
}

function extrasText({ extras }: LoadFile<ReadingColumns>): string {
  if (extras.length === 0) return '';
  const counts = extras.map(({ name, readings }) => `"${name}" (${countReadings(readings)})`);
  return `, extra inputs ${counts.join(', ')}`;
}

function missingLoads(series: string): never {
  throw new LoadcastError(
    'NOT_FOUND',
    `There is no series "${series}" yet: import its loads first, then what goes with them.`,
  );
}

function missingZone(series: string): never {
  throw new LoadcastError(
    'INVALID_INPUT',
    `The series "${series}" is new: give its time zone, such as --zone Europe/Paris.`,
  );
}

async function modifiedMs(path: string): Promise<number> {
  // A file that is not there is reported by the reader, with its name.
  return stat(path).then(
    (stats) => stats.mtimeMs,
    () => 0,
  );
}
