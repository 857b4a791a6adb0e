import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('the binary ends with the exit code of its command and prints no stack', async () => {
  const main = resolve(import.meta.dirname, '../../src/main.ts');
  const tsx = fileURLToPath(import.meta.resolve('tsx'));
  const ended = await new Promise<{ code: number | null; out: string; err: string }>((settle) => {
    const child = execFile(
      process.execPath,
      ['--import', tsx, main, 'jobs'],
      { env: { ...process.env, LOADCAST_HOME: resolve('no', 'such', 'home') } },
      (_error, out, err) => {
        settle({ code: child.exitCode, out, err });
      },
    );
  });
  expect(ended).toMatchObject({ code: 4, out: '' });
  expect(ended.err).toMatch(/^error: There is no database at .*\n$/);
});
