import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LoadcastError, messageOf } from '../../core/errors.js';
import type { ImportSummary } from '../../core/quality-issue.js';
import { definedOnly } from '../../ingest/file-options.js';
import { readLoadColumns } from '../../ingest/load-file.js';
import type { LiveLoad } from '../../ingest/live-series.js';
import type { Series } from '../../store/store.js';
import { addCounts } from '../../store/versions.js';
import type { JobControl, JobServices } from '../job-services.js';
import { writeWholeFile } from '../write-whole-file.js';
import { importFile } from './import-file.js';

export type FolderLoad = Extract<LiveLoad, { readonly source: 'folder' }>;

/** a file that changed later than this may still be written */
const settledMs = 2_000;
const mostFiles = 10_000;

/** What each file was like when it was read. */
const seenFiles = z.record(
  z.string(),
  z.strictObject({ modifiedMs: z.number(), bytes: z.number(), failed: z.boolean() }),
);
type SeenFiles = z.infer<typeof seenFiles>;

/**
 * Imports the files of a folder that are new or changed since they were read, in the order of their names. One that
 * cannot be read does not keep the others from being read; it is tried again each time until it is mended or gone.
 * @param again reads all of them
 * @returns the sum of what they brought; null if there was none
 * @throws {LoadcastError} SOURCE_FAILED naming the folder or each file that failed, or if there is no load yet; CANCELLED
 */
export async function ingestFolder(
  services: JobServices,
  series: Series,
  load: FolderLoad,
  { onProgress, signal }: JobControl = {},
  again = false,
): Promise<ImportSummary | null> {
  const { store, sourcesFolder, nowMs } = services;
  const { path: folder, source: _, ...options } = load;
  const seen = again ? {} : await recallSeen(sourcesFolder, series.id);
  const failures: string[] = [];
  const summaries: ImportSummary[] = [];
  for (const [name, state] of await filesOf(folder, nowMs())) {
    if (!isChanged(state, seen[name]) && seen[name]?.failed !== true) continue;
    if (signal?.aborted)
      throw new LoadcastError('CANCELLED', `Reading the files of ${folder} was stopped.`);
    onProgress?.({ phase: name });
    try {
      const file = await readLoadColumns(path.join(folder, name), {
        zone: series.place.zone,
        ...definedOnly(options),
      });
      const current = (await store.findSeries(series.id)) ?? series;
      summaries.push(await importFile(store, current, file, nowMs(), { stage: load.stage }));
      seen[name] = { ...state, failed: false };
    } catch (error) {
      failures.push(messageOf(error));
      seen[name] = { ...state, failed: true };
    }
    await rememberSeen(sourcesFolder, series.id, seen);
  }
  if (failures.length > 0) throw new LoadcastError('SOURCE_FAILED', failures.join(' '));
  if (summaries.length > 0) return sumOf(folder, summaries);
  if (await store.loadSpan(series.id)) return null;
  throw new LoadcastError('SOURCE_FAILED', `There is no load file in ${folder} yet.`);
}

/** Whether a folder holds files that are new or changed; false if it cannot be read, which the next ingest will say. */
export async function folderHasNews(
  { sourcesFolder, nowMs }: JobServices,
  series: Series,
  { path: folder }: FolderLoad,
): Promise<boolean> {
  try {
    const seen = await recallSeen(sourcesFolder, series.id);
    return (await filesOf(folder, nowMs())).some(([name, state]) => isChanged(state, seen[name]));
  } catch {
    return false;
  }
}

type FileState = Omit<SeenFiles[string], 'failed'>;

function isChanged({ modifiedMs, bytes }: FileState, before?: FileState): boolean {
  return before?.modifiedMs !== modifiedMs || before.bytes !== bytes;
}

/** The files of a folder in the order of their names, but hidden ones and those that may still be written. */
async function filesOf(folder: string, atMs: number): Promise<[name: string, state: FileState][]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new LoadcastError(
      'SOURCE_FAILED',
      `The folder ${folder} cannot be read: ${messageOf(cause)}.`,
      { cause },
    );
  });
  const names = entries
    .filter((entry) => !entry.isDirectory() && !/^[.~]|\.(?:part|partial|tmp)$/i.test(entry.name))
    .map(({ name }) => name)
    .sort();
  if (names.length > mostFiles)
    throw new LoadcastError(
      'SOURCE_FAILED',
      `The folder ${folder} has ${names.length} files; at most ${mostFiles} are read. Move the old ones away.`,
    );
  const files: [string, FileState][] = [];
  for (const name of names) {
    const file = await stat(path.join(folder, name)).catch(() => null);
    if (file?.isFile() && file.mtimeMs <= atMs - settledMs)
      files.push([name, { modifiedMs: file.mtimeMs, bytes: file.size }]);
  }
  return files;
}

async function recallSeen(sourcesFolder: string, seriesId: string): Promise<SeenFiles> {
  try {
    return seenFiles.parse(JSON.parse(await readFile(seenPath(sourcesFolder, seriesId), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

async function rememberSeen(
  sourcesFolder: string,
  seriesId: string,
  seen: SeenFiles,
): Promise<void> {
  await mkdir(sourcesFolder, { recursive: true });
  await writeWholeFile(seenPath(sourcesFolder, seriesId), `${JSON.stringify(seen, null, 2)}\n`);
}

function seenPath(sourcesFolder: string, seriesId: string): string {
  return path.join(sourcesFolder, `${seriesId}.files.json`);
}

function sumOf(folder: string, summaries: readonly ImportSummary[]): ImportSummary {
  const sum = (count: (summary: ImportSummary) => number): number =>
    summaries.reduce((total, summary) => total + count(summary), 0);
  const counts = summaries.reduce<Pick<ImportSummary, 'added' | 'unchanged' | 'revised'>>(
    addCounts,
    { added: 0, unchanged: 0, revised: 0 },
  );
  return {
    source: `${summaries.length} files of ${folder}`,
    rows: sum(({ rows }) => rows),
    rejected: sum(({ rejected }) => rejected),
    ...counts,
    firstMs: Math.min(...summaries.map(({ firstMs }) => firstMs ?? Infinity)),
    endMs: Math.max(...summaries.map(({ endMs }) => endMs ?? -Infinity)),
    issues: summaries.flatMap(({ issues }) => issues),
  };
}
