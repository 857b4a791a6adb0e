import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../src/config.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'loadcast-config-'));
});
afterEach(async () => {
  await rm(cwd, { recursive: true });
});

describe('loadConfig', () => {
  test('needs no file: home ./var, reports ./reports, this machine only', async () => {
    const config = await loadConfig({ cwd, env: {} });
    expect(config).toMatchObject({
      file: null,
      home: join(cwd, 'var'),
      reports: join(cwd, 'reports'),
      host: '127.0.0.1',
      port: null,
      threads: availableParallelism(),
      engine: 'auto',
      logLevel: 'info',
      horizonHours: 72,
      training: { warmStart: false },
    });
  });

  test('a home of its own keeps its reports inside', async () => {
    const config = await loadConfig({ cwd, env: { LOADCAST_HOME: '/srv/loadcast' } });
    expect(config.home).toBe('/srv/loadcast');
    expect(config.reports).toBe('/srv/loadcast/reports');
  });

  test.each([
    ['json', '{ "port": 9000, "schedule": { "forecast": "0 6 * * *" } }'],
    ['yaml', 'port: 9000\nschedule:\n  forecast: "0 6 * * *"\n'],
    ['js', 'export default { port: 9000, schedule: { forecast: "0 6 * * *" } };'],
  ])('reads loadcast.config.%s and keeps the defaults of what it leaves out', async (ext, text) => {
    const file = join(cwd, `loadcast.config.${ext}`);
    await writeFile(file, text);
    const config = await loadConfig({ cwd, env: {} });
    expect(config.file).toBe(file);
    expect(config.port).toBe(9000);
    expect(config.schedule).toEqual({
      ingest: '5 * * * *',
      forecast: '0 6 * * *',
      report: '45 0 * * *',
      evaluate: '0 5 * * *',
      retrain: '30 5 * * 0',
    });
  });

  test('of the LSTM it holds what the file says and no more', async () => {
    expect((await loadConfig({ cwd, env: {} })).lstm).toEqual({});
    const text = '{ "lstm": { "units": 64, "clip": { "value": 1 }, "loss": { "kind": "huber" } } }';
    await writeFile(join(cwd, 'loadcast.config.json'), text);
    expect((await loadConfig({ cwd, env: {} })).lstm).toEqual({
      units: 64,
      clip: { value: 1 },
      loss: { kind: 'huber', delta: 1 },
    });
  });

  test('the environment goes before the file, an empty variable does not', async () => {
    await writeFile(join(cwd, 'loadcast.config.json'), '{ "port": 9000, "home": "a" }');
    const config = await loadConfig({ cwd, env: { PORT: '9100', LOADCAST_HOME: '' } });
    expect(config.port).toBe(9100);
    expect(config.home).toBe(join(cwd, 'a'));
  });

  test.each([
    ['{ "prot": 9000 }', /unknown key "prot", did you mean "port"\?/],
    ['{ "openMeteo": { "timeoutms": 5 } }', /"openMeteo.timeoutms", did you mean "timeoutMs"\?/],
    ['{ "colour": "red" }', /unknown key "colour", known are home, reports, host, port/],
    ['{ "port": "9000" }', /"port": .*number/],
    ['{ "members": ["lstn"] }', /"members.0": /],
    ['{ "members": [] }', /"members": /],
    ['{ "horizonHours": 48 }', /"horizonHours": write 72, 96, 120, 144 or 168/],
    ['{ "horizonHours": "96" }', /"horizonHours": .*number/],
    ['{ "schedule": { "forecast": "at noon" } }', /"schedule.forecast": write a cron time/],
    ['{ "port": ', /cannot be read/],
    ['{ "lstm": { "unit": 64 } }', /unknown key "lstm.unit", did you mean "units"\?/],
    [
      '{ "lstm": { "loss": { "kind": "huber", "detla": 1 } } }',
      /"lstm.loss.detla", did you mean "delta"\?/,
    ],
    ['{ "lstm": { "loss": { "kind": "mse", "delta": 1 } } }', /"lstm.loss.delta", known are kind$/],
    [
      '{ "lstm": { "loss": { "kind": "rmse" } } }',
      /"lstm.loss.kind": "kind" must be pinball, mse, mae or huber/,
    ],
    ['{ "lstm": { "steps": { "basis": 1 } } }', /"lstm.steps.basis", did you mean "base"\?/],
    ['{ "lstm": { "units": 2000 } }', /"lstm.units": .*1024/],
    [
      '{ "lstm": { "loss": { "kind": "pinball", "levels": [0.1] } } }',
      /"lstm.loss.levels": the levels must include 0.5/,
    ],
  ])('refuses %s by naming the key', async (text, message) => {
    await writeFile(join(cwd, 'loadcast.config.json'), text);
    const loading = loadConfig({ cwd, env: {} });
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
  });

  test('names the variable where the environment is wrong', async () => {
    await expect(loadConfig({ cwd, env: { PORT: 'http' } })).rejects.toThrow(/PORT=http/);
    await expect(loadConfig({ cwd, env: { PORT: '70000' } })).rejects.toThrow(/PORT=70000.*65535/);
  });

  test('two configuration files are one too many', async () => {
    await writeFile(join(cwd, 'loadcast.config.json'), '{}');
    await writeFile(join(cwd, 'loadcast.config.yaml'), '');
    await expect(loadConfig({ cwd, env: {} })).rejects.toThrow(/2 configuration files/);
  });
});
