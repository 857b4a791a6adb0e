// Starts the program as a newcomer does, in a home of its own, and asks it for a forecast over REST.
// Prints "ok NAME" or "not ok NAME: why" for each check.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const home = join(process.argv[2] ?? '.', 'home');
const port = await freePort();
const base = `http://127.0.0.1:${port}`;
const secondMs = 1000;
let anyFailed = false;

const first = start();
try {
  await check('ready within 60 s', () => until(60, () => isReady(first)));
  await check('says where it listens', () =>
    until(5, () => first.output.includes(`listening on ${base}`)),
  );
  await check('the page is served', async () => (await fetch(`${base}/`)).text().then(hasPage));
  await check('a forecast of 72 finite hours with ordered quantiles', async () =>
    assertWhole(await latest()),
  );
  await check('a second one beside it says so and ends', secondEnds);
  await check('trained members replace the fallback within 10 minutes', () =>
    until(600, async () => (await latest()).quality !== 'fallback'),
  );
  await check('the trained forecast is whole', async () => assertWhole(await latest()));
  await check('Ctrl-C ends it', () => interrupt(first));
  const again = start();
  await check('the second start is ready within 15 s, trained', async () => {
    await until(15, () => isReady(again));
    if ((await latest()).quality === 'fallback') throw new Error('it serves a fallback again');
  });
  await check('Ctrl-C ends it again', () => interrupt(again));
} finally {
  if (anyFailed)
    process.stdout.write(`--- output of npm start\n${first.output.slice(-8000)}\n---\n`);
  first.kill('SIGKILL');
}
process.exitCode = anyFailed ? 1 : 0;

async function check(name, run) {
  const startedMs = Date.now();
  try {
    await run();
    process.stdout.write(`ok ${name} (${((Date.now() - startedMs) / secondMs).toFixed(1)} s)\n`);
  } catch (error) {
    anyFailed = true;
    process.stdout.write(`not ok ${name}: ${error.message}\n`);
  }
}

/** `npm start` in a process group of its own, as a terminal gives it: Ctrl-C reaches npm and the program. */
function start() {
  const child = spawn('npm', ['start'], {
    detached: true,
    env: { ...process.env, PORT: String(port), LOADCAST_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const started = { output: '', code: undefined, kill };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      started.output += text;
    });
  child.on('close', (code, signal) => {
    started.code = code ?? signal;
  });
  return started;

  function kill(signal) {
    try {
      process.kill(-Number(child.pid), signal);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}

async function secondEnds() {
  const second = start();
  try {
    await until(30, () => second.code !== undefined);
  } finally {
    second.kill('SIGKILL');
  }
  if (second.code === 0) throw new Error('it ended with code 0');
  if (!/running/.test(second.output)) throw new Error(`it said: ${second.output.slice(-500)}`);
}

async function interrupt(started) {
  started.kill('SIGINT');
  await until(30, () => started.code !== undefined);
  if (existsSync(join(home, 'loadcast.lock'))) throw new Error('the lock is left behind');
  if (/^\s+at .*:\d+:\d+\)?$/m.test(started.output)) throw new Error('it printed a stack');
}

async function latest() {
  const { items } = await getJson('/api/v1/series');
  if (items.length === 0) throw new Error('there is no series');
  return getJson(`/api/v1/series/${encodeURIComponent(items[0].id)}/forecasts/latest`);
}

function assertWhole(forecast) {
  const { values } = forecast;
  if (values.length !== 72) throw new Error(`it has ${values.length} values instead of 72`);
  for (const { validAt, forecastMw, quantilesMw } of values) {
    const levels = Object.keys(quantilesMw).sort();
    const quantiles = levels.map((level) => quantilesMw[level]);
    const ordered = quantiles.every((value, i) => i === 0 || value >= quantiles[i - 1]);
    if (levels.length !== 7 || !ordered || ![forecastMw, ...quantiles].every(Number.isFinite))
      throw new Error(`${validAt}: ${forecastMw} MW, quantiles ${JSON.stringify(quantilesMw)}`);
  }
}

function hasPage(html) {
  if (!/<html/i.test(html)) throw new Error(`it is no page: ${html.slice(0, 200)}`);
}

async function getJson(path) {
  const response = await fetch(base + path);
  if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
  return response.json();
}

async function isReady(started) {
  if (started.code !== undefined) throw new Error(`npm start ended with code ${started.code}`);
  try {
    return (await fetch(`${base}/readyz`)).ok;
  } catch {
    return false; // not listening yet
  }
}

async function until(seconds, condition) {
  const endMs = Date.now() + seconds * secondMs;
  while (!(await condition())) {
    if (Date.now() > endMs) throw new Error(`not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
}
