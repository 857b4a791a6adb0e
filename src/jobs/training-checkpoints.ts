import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { CheckpointSlots } from '../core/checkpoint-slot.js';
import { messageOf } from '../core/errors.js';
import { writeWhole } from '../store/write-whole.js';
import type { TrainTask } from './thread/tasks.js';

/** Checkpoints of trainings under way: `<folder>/<series>/<what the training is>/<its parts>`. */
export interface TrainingCheckpoints {
  /** Folder of the checkpoints of this training; those of the series' other trainings are removed if that can be. */
  folderOf(task: TrainTask): Promise<string>;
  /** Removes all checkpoints of a series, whose training is over, if that can be. */
  forget(seriesId: string): Promise<void>;
}

/**
 * @param folder made at the first checkpoint
 * @param onProblem told of checkpoints that could not be removed: they take room, and no training fails of it
 */
export function createTrainingCheckpoints(
  folder: string,
  onProblem: (problem: string) => void,
): TrainingCheckpoints {
  // A series' name as one name of a folder, whatever it holds; dots alone would lead elsewhere.
  const seriesFolder = (seriesId: string): string =>
    path.join(folder, `series-${encodeURIComponent(seriesId)}`);
  const tidy = async (remove: () => Promise<void>): Promise<void> => {
    try {
      await remove();
    } catch (error) {
      onProblem(`old checkpoints not removed: ${messageOf(error)}`);
    }
  };
  return {
    async folderOf(task) {
      const current = fingerprintOf(task);
      const parent = seriesFolder(task.seriesId);
      await tidy(async () => {
        for (const name of await namesIn(parent))
          if (name !== current) await rm(path.join(parent, name), { recursive: true });
      });
      return path.join(parent, current);
    },
    forget: (seriesId) => tidy(() => rm(seriesFolder(seriesId), { recursive: true, force: true })),
  };
}

/**
 * A file for each training. A checkpoint that cannot be read or written costs time at worst: the training goes on.
 * @param onProblem told why
 */
export function checkpointFiles(
  folder: string,
  onProblem: (problem: string) => void,
): CheckpointSlots {
  return (name) => {
    const file = path.join(folder, `${name}.checkpoint`);
    return {
      async load() {
        try {
          return await readFile(file);
        } catch (error) {
          if (!isMissing(error)) onProblem(`checkpoint not read: ${messageOf(error)}`);
          return null;
        }
      },
      async save(bytes) {
        try {
          await mkdir(folder, { recursive: true });
          await writeWhole(file, bytes);
        } catch (error) {
          onProblem(`checkpoint not saved: ${messageOf(error)}`);
        }
      },
    };
  };
}

/** SHA-256 of all that a training depends on: history, seed, members and their options; not when it runs, nor on how many threads. */
function fingerprintOf(task: TrainTask): string {
  const { history, weather, issueTimes, loadDelayHours, seed, members, lstm } = task;
  const { place, load, temperature } = history;
  return createHash('sha256')
    .update(JSON.stringify([place, weather, issueTimes, loadDelayHours, seed, members, lstm]))
    .update(JSON.stringify([load.startMs, temperature.startMs, load.values.length]))
    .update(bytesOf(load.values))
    .update(bytesOf(temperature.values))
    .digest('hex');
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
