import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a worker thread from a module, built (`.js`) or as source (`.ts`, in development and tests).
 * Name the file as an import would, `new URL('./x.js', import.meta.url)`: where only `x.ts` exists it is taken.
 * @param workerData structured-cloneable; SharedArrayBuffers are shared, not copied
 * @param options    further worker options, such as `resourceLimits` or `name`
 */
export function spawnWorker(
  url: URL,
  workerData: unknown,
  options: Omit<WorkerOptions, 'workerData' | 'eval'> = {},
): Worker {
  const source = sourceOf(url);
  if (!source) return new Worker(url, { ...options, workerData });
  // Node 20 takes no .ts file as a worker's entry, even under tsx: the worker has to register tsx first.
  // execArgv is emptied because a parent's loaders would be registered twice
  const code = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${JSON.stringify(source.href)}); })`;
  return new Worker(code, { execArgv: [], ...options, eval: true, workerData });
}

/** The TypeScript source to run, or null where the built module is there. */
function sourceOf(url: URL): URL | null {
  if (url.pathname.endsWith('.ts')) return url;
  if (url.protocol !== 'file:' || existsSync(fileURLToPath(url))) return null;
  const source = new URL(url.href.replace(/\.js$/, '.ts'));
  return source.pathname.endsWith('.ts') && existsSync(fileURLToPath(source)) ? source : null;
}
