import type { Command } from 'commander';
import { LoadcastError } from '../core/errors.js';
import type { ImportSummary } from '../core/quality-issue.js';
import { isoUtc } from '../core/time.js';
import { localMidnight } from '../ingest/live-series.js';
import { ingestSeries, type Ingested } from '../jobs/ingest/ingest-series.js';
import { printLine, writeJson, type JsonTarget } from './json-output.js';
import { calendarDate } from './options.js';
import { chosenSeries, runSeriesJob, seriesCommand, withWorkplace } from './series-command.js';

interface IngestOptions {
  readonly series?: string;
  readonly since?: string;
  readonly json?: JsonTarget;
}

export function registerIngest(program: Command): void {
  seriesCommand(
    program,
    'ingest',
    'read what is new of a series now: its live source, or its file if that changed, and its weather',
  )
    .option(
      '--since <date>',
      'of a live source: ask again for everything since then, for corrections or an older past',
      calendarDate,
    )
    .action(ingest);
}

async function ingest(name: string | undefined, options: IngestOptions): Promise<void> {
  await withWorkplace(async (workplace) => {
    const { services } = workplace;
    const series = await chosenSeries(workplace, name ?? options.series);
    if (options.since !== undefined && !services.live.has(series.id))
      throw new LoadcastError(
        'INVALID_INPUT',
        `--since goes with a series of the configuration that has a live source; "${series.name}" has none.`,
      );
    const sinceMs =
      options.since === undefined ? undefined : localMidnight(series.place.zone, options.since);
    const ingested = await runSeriesJob(
      workplace,
      'ingest',
      series,
      `Read what is new of ${series.name}`,
      (control) => ingestSeries(services, series, control, sinceMs),
    );
    if (options.json !== true) for (const line of linesOf(ingested)) printLine(options.json, line);
    await writeJson(options.json, ingested);
  });
}

function linesOf({ load, weather }: Ingested): string[] {
  return [
    load ? loadLine(load) : 'Load: nothing new.',
    ...(weather
      ? [
          `Weather forecast: ${weather.added + weather.unchanged + weather.revised} h, ${weather.added + weather.revised} of them new.`,
        ]
      : []),
  ];
}

function loadLine({ source, rows, rejected, firstMs, endMs, added, revised }: ImportSummary) {
  const span =
    firstMs === null || endMs === null ? '' : ` from ${isoUtc(firstMs)} to ${isoUtc(endMs)}`;
  return `Load: ${rows} rows of ${source}${span}: ${added} new, ${revised} corrected, ${rejected} rejected.`;
}
