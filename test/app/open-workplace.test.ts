import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorkplace } from '../../src/app.js';
import { loadConfig } from '../../src/config.js';

test("jobs train as the configuration's training and lstm say", async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'loadcast-workplace-'));
  const options = {
    training: { warmStart: true },
    lstm: { units: 64 },
    members: ['naive', 'additive'],
    horizonHours: 96,
    series: [
      {
        name: 'Mill',
        zone: 'Europe/Paris',
        load: { source: 'push' },
        members: ['naive', 'mstl'],
      },
    ],
  };
  await writeFile(join(cwd, 'loadcast.config.json'), JSON.stringify(options));
  const config = await loadConfig({ cwd, env: { LOADCAST_LOG_LEVEL: 'silent' } });
  const workplace = await openWorkplace({ config, exclusive: true });
  const { services } = workplace;
  expect(services).toMatchObject({ warmStart: true, lstm: { units: 64 }, horizonHours: 96 });
  expect(services.membersOf('mill')).toEqual(['naive', 'mstl']);
  expect(services.membersOf('other')).toEqual(['naive', 'additive']);
  await workplace.close();
  await rm(cwd, { recursive: true });
});
