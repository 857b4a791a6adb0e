import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorkplace } from '../../src/app.js';
import { loadConfig } from '../../src/config.js';

test("jobs train as the configuration's training and lstm say", async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'loadcast-workplace-'));
  const text = '{ "training": { "warmStart": true }, "lstm": { "units": 64 } }';
  await writeFile(join(cwd, 'loadcast.config.json'), text);
  const config = await loadConfig({ cwd, env: { LOADCAST_LOG_LEVEL: 'silent' } });
  const workplace = await openWorkplace({ config, exclusive: true });
  expect(workplace.services).toMatchObject({ warmStart: true, lstm: { units: 64 } });
  await workplace.close();
  await rm(cwd, { recursive: true });
});
