import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hourMs } from '../../src/core/time.js';
import { readWeatherRuns } from '../../src/ingest/weather-runs-file.js';

describe('a file of weather runs', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'loadcast-weather-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function read(...lines: readonly string[]) {
    const file = path.join(folder, 'weather.csv');
    await writeFile(file, lines.join('\n'));
    return readWeatherRuns(file);
  }
  const header = 'run_at,available_at,valid_at,temperature_c';
  const start = Date.UTC(2024, 0, 1);

  it('gives each run its readings in order; blanks are left out', async () => {
    const runs = await read(
      header,
      '2024-01-01T00:00Z,2024-01-01T04:00Z,2024-01-01T07:00Z,3',
      '2024-01-01T00:00Z,2024-01-01T04:00Z,2024-01-01T06:00Z,2.5',
      '2024-01-01T06:00Z,2024-01-01T10:00Z,2024-01-01T07:00Z,4',
      '2024-01-01T06:00Z,2024-01-01T10:00Z,2024-01-01T08:00Z,',
    );
    expect(runs).toEqual([
      {
        runAtMs: start,
        availableAtMs: start + 4 * hourMs,
        readings: [
          { startMs: start + 6 * hourMs, minutes: 60, value: 2.5 },
          { startMs: start + 7 * hourMs, minutes: 60, value: 3 },
        ],
      },
      {
        runAtMs: start + 6 * hourMs,
        availableAtMs: start + 10 * hourMs,
        readings: [{ startMs: start + 7 * hourMs, minutes: 60, value: 4 }],
      },
    ]);
  });

  it('tells the members of an ensemble apart', async () => {
    const at = '2024-01-01T00:00Z,2024-01-01T04:00Z';
    const runs = await read(
      `member,${header}`,
      `control,${at},2024-01-01T06:00Z,2`,
      `p01,${at},2024-01-01T06:00Z,3`,
      `p01,${at},2024-01-01T07:00Z,4`,
    );
    expect(runs.map(({ runAtMs, readings }) => [runAtMs, readings.map((r) => r.value)])).toEqual([
      [start, [2]],
      [start, [3, 4]],
    ]);
  });

  it.each([
    [
      'run_at,valid_at,temperature_c',
      '',
      'MISSING_COLUMN',
      /no column "available_at"; it has run_at/,
    ],
    [
      header,
      '2024-01-01,2024-01-01T04:00Z,2024-01-01T07:00Z,3',
      'INVALID_INPUT',
      /line 2: run_at "2024-01-01"/,
    ],
    [
      header,
      '2024-01-01T00:00Z,2024-01-01T04:00Z,2024-01-01T07:00Z,99',
      'INVALID_INPUT',
      /line 2: .*"99"/,
    ],
  ])('of "%s" with the row "%s" is refused', async (columns, row, code, message) => {
    await expect(read(columns, row)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});
