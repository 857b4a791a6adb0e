import { LoadcastError, type ErrorCode } from '../../core/errors.js';
import { spawnWorker } from '../../threads/spawn-worker.js';
import type { TaskProgress } from '../../core/task-progress.js';
import type { Task, TaskResults, ThreadMessage } from './tasks.js';

export interface ThreadOptions {
  readonly onProgress?: (progress: TaskProgress) => void;
  /** ends the thread at once, whatever it is doing */
  readonly signal?: AbortSignal;
}

/**
 * Runs a task in a thread of its own, so that the event loop that serves HTTP stays free.
 * @throws {LoadcastError} CANCELLED if it was asked to stop; the task's own error otherwise
 */
export async function runInThread<T extends Task>(
  task: T,
  options: ThreadOptions = {},
): Promise<TaskResults[T['kind']]> {
  const { signal } = options;
  const cancelled = new LoadcastError('CANCELLED', `The job "${task.kind}" was asked to stop.`);
  if (signal?.aborted) throw cancelled;
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = spawnWorker(new URL(`./job-worker.${extension}`, import.meta.url), task);
  let stop: (() => void) | undefined;
  try {
    return await new Promise<TaskResults[T['kind']]>((resolve, reject) => {
      stop = () => {
        reject(cancelled);
      };
      signal?.addEventListener('abort', stop);
      worker.on('message', (message: ThreadMessage<T['kind']>) => {
        if (message.kind === 'progress') options.onProgress?.(message.progress);
        else if (message.kind === 'error') reject(threadError(message.code, message.message));
        else resolve(message.result);
      });
      worker.on('error', reject);
      worker.on('exit', (code) => {
        reject(new Error(`The thread of the job "${task.kind}" ended with code ${code}.`));
      });
    });
  } finally {
    if (stop) signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

/** A LoadcastError crosses to this thread as its code and message. */
function threadError(code: ErrorCode | null, message: string): Error {
  return code === null ? new Error(message) : new LoadcastError(code, message);
}
