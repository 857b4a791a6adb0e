import type { Worker } from 'node:worker_threads';

/** Questions to a worker, one at a time: each posted message is answered by one. */
export interface WorkerChannel<Request, Reply> {
  /** @throws Error if the worker fails or ends before it answers */
  ask(request: Request): Promise<Reply>;
  /** Ends the worker; a question still open is rejected. */
  close(): Promise<void>;
}

interface Pending<Reply> {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** @param name says in an error which worker it was */
export function openWorkerChannel<Request, Reply>(
  worker: Worker,
  name: string,
): WorkerChannel<Request, Reply> {
  let pending: Pending<Reply> | null = null;
  let death: Error | null = null;
  const die = (error: Error): void => {
    death ??= error;
    pending?.reject(death);
    pending = null;
  };
  worker.on('message', (reply: Reply) => {
    pending?.resolve(reply);
    pending = null;
  });
  worker.on('error', (cause: Error) => {
    die(new Error(`${name} failed: ${cause.message}`, { cause }));
  });
  worker.on('messageerror', (cause: Error) => {
    die(new Error(`${name} sent an unreadable answer: ${cause.message}`, { cause }));
  });
  worker.on('exit', (code) => {
    die(new Error(`${name} ended with exit code ${code} before it answered.`));
  });
  return {
    ask: (request) =>
      new Promise<Reply>((resolve, reject) => {
        if (death) {
          reject(death);
          return;
        }
        if (pending) {
          reject(new Error(`${name} was asked again before it had answered.`));
          return;
        }
        pending = { resolve, reject };
        // the empty list of transfers tells this from a window's postMessage
        worker.postMessage(request, []);
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}
