import { expect, test } from 'vitest';
import { spawnWorker } from '../../src/threads/spawn-worker.js';
import { openWorkerChannel, type WorkerChannel } from '../../src/threads/worker-channel.js';

/** Named as built; only the source is there. */
function open(): WorkerChannel<string, string> {
  const url = new URL('./fixtures/echo-worker.js', import.meta.url);
  return openWorkerChannel(spawnWorker(url, 'hello'), 'Echo worker');
}

test('a worker runs from TypeScript source, gets its data and answers', async () => {
  const channel = open();
  expect(await channel.ask('one')).toBe('hello one');
  expect(await channel.ask('two')).toBe('hello two');
  await channel.close();
});

test('a failing worker rejects the open question and every later one', async () => {
  const channel = open();
  await expect(channel.ask('throw')).rejects.toThrow('Echo worker failed: asked to fail');
  await expect(channel.ask('one')).rejects.toThrow('asked to fail');
});

test('a worker that ends is an error, not silence', async () => {
  const channel = open();
  await expect(channel.ask('exit')).rejects.toThrow('Echo worker ended with exit code 3');
});

test('closing rejects the open question', async () => {
  const channel = open();
  const answer = channel.ask('one').catch(String);
  await channel.close();
  expect(await answer).toContain('Echo worker ended with exit code');
});

test('a second question before the answer is refused', async () => {
  const channel = open();
  const first = channel.ask('one');
  await expect(channel.ask('two')).rejects.toThrow('asked again');
  expect(await first).toBe('hello one');
  await channel.close();
});

test('a worker runs from a built module', async () => {
  const code = `import { parentPort, workerData } from 'node:worker_threads'; parentPort.postMessage(workerData);`;
  const worker = spawnWorker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), 7);
  const answer = await new Promise((resolve) => worker.once('message', resolve));
  expect(answer).toBe(7);
});
