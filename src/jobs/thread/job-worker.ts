import { parentPort, workerData } from 'node:worker_threads';
import { LoadcastError, messageOf } from '../../core/errors.js';
import { runTask } from './run-task.js';
import type { Task, ThreadMessage } from './tasks.js';

/** Entry of a job thread: runs the task it was started with, tells its parent how far it is, and ends. */
const tell = (message: ThreadMessage): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
  parentPort?.postMessage(message);
};

try {
  // The parent is the only one who starts this file, with a task of the type it names.
  const task: Task = workerData;
  const result = await runTask(task, (progress) => {
    tell({ kind: 'progress', progress });
  });
  tell({ kind: 'result', result });
} catch (error) {
  const code = error instanceof LoadcastError ? error.code : null;
  tell({ kind: 'error', code, message: messageOf(error) });
}
