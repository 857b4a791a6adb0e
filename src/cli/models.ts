import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { Workplace } from '../app.js';
import { LoadcastError } from '../core/errors.js';
import { isoUtc } from '../core/time.js';
import { exportLstm } from '../jobs/export/export-lstm.js';
import { exportFormats, type ExportFormat } from '../jobs/export/export-manifest.js';
import { verifyBundle, type VerifiedBundle } from '../jobs/verify-bundles.js';
import type { BundleRecord, Series } from '../store/store.js';
import { printLine, writeJson, type JsonTarget } from './json-output.js';
import { rounded } from './print-accuracy.js';
import { chosenSeries, seriesCommand, withWorkplace } from './series-command.js';

interface ModelsOptions {
  readonly series?: string;
  readonly json?: JsonTarget;
}

interface ExportOptions extends ModelsOptions {
  readonly format: ExportFormat;
  readonly out: string;
  readonly bundle?: string;
}

export function registerModels(program: Command): void {
  const models = program
    .command('models')
    .description('list, verify and export the trained models of a series')
    .helpCommand(false);
  seriesCommand(models, 'list', 'list the stored bundles, newest first', {
    isDefault: true,
  }).action(listModels);
  seriesCommand(
    models,
    'verify',
    'hold each model file to its SHA-256; without a series, those of all',
  ).action(verifyModels);
  seriesCommand(models, 'export', 'write the LSTM for another runtime, one network a seed')
    .addOption(
      new Option('--format <format>', 'what to write').choices(exportFormats).makeOptionMandatory(),
    )
    .requiredOption('--out <folder>', 'where to; made where missing, must hold no other files')
    .option('--bundle <id>', 'a bundle of the list (default: the champion)')
    .action(exportModels);
}

async function listModels(name: string | undefined, options: ModelsOptions): Promise<void> {
  await withWorkplace(async (workplace) => {
    const series = await chosenSeries(workplace, name ?? options.series);
    const bundles = await workplace.store.listBundles(series.id);
    if (options.json !== true) {
      if (bundles.length === 0) printLine(options.json, noModels(series));
      for (const bundle of bundles) printLine(options.json, describeBundle(bundle));
    }
    await writeJson(options.json, bundles.map(bundleJson));
  });
}

async function verifyModels(name: string | undefined, options: ModelsOptions): Promise<void> {
  await withWorkplace(async (workplace) => {
    const wanted = name ?? options.series;
    const series =
      wanted === undefined
        ? await workplace.store.listSeries()
        : [await chosenSeries(workplace, wanted)];
    const verified: VerifiedBundle[] = [];
    for (const { id } of series)
      for (const record of await workplace.store.listBundles(id))
        verified.push(await verifyBundle(workplace.services.modelFiles, record));
    if (options.json !== true) {
      if (verified.length === 0) printLine(options.json, 'There are no models to verify.');
      for (const bundle of verified) printVerified(options.json, bundle);
    }
    await writeJson(options.json, verified.map(verifiedJson));
    throwIfDamaged(verified);
  });
}

async function exportModels(name: string | undefined, options: ExportOptions): Promise<void> {
  await withWorkplace(async (workplace) => {
    const series = await chosenSeries(workplace, name ?? options.series);
    const record = await chosenBundle(workplace, series, options.bundle);
    const folder = resolve(options.out);
    const models = await exportLstm(workplace.services.modelFiles, {
      series,
      record,
      format: options.format,
      folder,
    });
    if (options.json !== true) {
      const seeds = models.map(({ seed }) => seed).join(' and ');
      printLine(
        options.json,
        `Wrote the LSTM of ${record.id}, seeds ${seeds}, as ${options.format} to ${folder}; manifest.json says how to use it.`,
      );
    }
    await writeJson(options.json, { bundle: record.id, format: options.format, folder, models });
  });
}

async function chosenBundle(
  { store }: Workplace,
  series: Series,
  id: string | undefined,
): Promise<BundleRecord> {
  const bundles = await store.listBundles(series.id);
  const found = bundles.find((bundle) =>
    id === undefined ? bundle.state === 'champion' : bundle.id === id,
  );
  if (found) return found;
  throw new LoadcastError(
    'NOT_FOUND',
    id === undefined || bundles.length === 0
      ? noModels(series)
      : `"${series.name}" has no bundle ${id}; there are: ${bundles.map((bundle) => bundle.id).join(', ')}.`,
  );
}

function noModels(series: Series): string {
  return `"${series.name}" has no trained models yet; \`loadcast train\` makes them.`;
}

function describeBundle({ id, state, card, files }: BundleRecord): string {
  const members = card.members.map(({ name, notFitted }) =>
    notFitted === null ? name : `${name} (left out)`,
  );
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return [
    `${id}  ${state}`,
    `  trained ${isoUtc(card.trainedAtMs)} on ${isoUtc(card.firstHourMs)} to ${isoUtc(card.endMs)}`,
    `  members ${members.join(', ')}; MAPE on the test part ${rounded(card.test?.all.mape ?? Number.NaN, 2)} %`,
    `  ${files.length} files, ${rounded(bytes / 1000, 1)} kB`,
  ].join('\n');
}

function bundleJson({ id, state, card, files }: BundleRecord): object {
  return {
    id,
    state,
    trainedAt: isoUtc(card.trainedAtMs),
    firstHour: isoUtc(card.firstHourMs),
    end: isoUtc(card.endMs),
    seed: card.seed,
    testMapePct: card.test?.all.mape ?? null,
    testTemperature: card.temperatureSource,
    members: card.members.map(({ name, version, notFitted, test }) => ({
      name,
      version,
      notFitted,
      testMapePct: test?.all.mape ?? null,
    })),
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    files,
  };
}

function printVerified(json: JsonTarget, { record, files }: VerifiedBundle): void {
  const damaged = files.filter((file) => file.damage !== null);
  const verdict = damaged.length === 0 ? 'whole' : `${damaged.length} damaged`;
  printLine(json, `${record.id}  ${record.state}  ${files.length} files, ${verdict}`);
  for (const file of damaged) printLine(json, `  ${file.path}: ${file.damage}`);
}

function verifiedJson({ record, files }: VerifiedBundle): object {
  return { id: record.id, series: record.seriesId, state: record.state, files };
}

function throwIfDamaged(verified: readonly VerifiedBundle[]): void {
  const files = verified.flatMap((bundle) => bundle.files);
  const damaged = files.filter((file) => file.damage !== null);
  if (damaged.length === 0) return;
  throw new LoadcastError(
    'DAMAGED_MODEL',
    `${damaged.length} of ${files.length} model files are damaged: ${damaged.map((file) => file.path).join(', ')}; ` +
      'train again or restore them.',
  );
}
