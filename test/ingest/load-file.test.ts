import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { hourlyMeans } from '../../src/ingest/hourly-means.js';
import { readLoadFile } from '../../src/ingest/load-file.js';
import { startsOf } from './csv-text.js';

const embedded = fileURLToPath(
  new URL('../../data/victoria_2014_half_hourly.csv', import.meta.url),
);
const benchmarkData = process.env['LOADCAST_DATA'] ?? '../shared/data';
const vicElec = path.join(benchmarkData, 'vic_elec_hourly.csv.gz');

async function withFile<T>(
  content: string | Uint8Array,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'loadcast-load-'));
  try {
    const file = path.join(folder, 'load.csv');
    await writeFile(file, content);
    return await use(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('a load file', () => {
  it('of a German meter is read: gzip, Latin 1, two time columns, decimal comma, kW, clock change', async () => {
    const text = [
      'Datum;Uhrzeit;Leistung [kW];Außentemperatur',
      '26.10.2024;23:00;1.000,5;9,5',
      '27.10.2024;00:00;1.100;9',
      '27.10.2024;01:00;1.200;9',
      '27.10.2024;02:00;1.300;8,5',
      '27.10.2024;02:00;1.400;8',
      '27.10.2024;03:00;1.500;8',
    ].join('\r\n');
    const file = await withFile(gzipSync(Buffer.from(text, 'latin1')), (name) =>
      readLoadFile(name, { zone: 'Europe/Berlin' }),
    );
    expect(file).toMatchObject({
      rows: 6,
      rejected: 0,
      resolutionMinutes: 60,
      unit: 'kW',
      issues: [],
    });
    expect(startsOf(file.load).slice(3)).toEqual([
      '2024-10-27T00:00Z',
      '2024-10-27T01:00Z',
      '2024-10-27T02:00Z',
    ]);
    expect(file.load.map(({ value }) => value)).toEqual([1.0005, 1.1, 1.2, 1.3, 1.4, 1.5]);
  });

  it('takes temperatures after the last load as a forecast', async () => {
    const rows = ['0,5,1', '1,6,2', '2,,3', '3,,4', '4,,'].map(
      (row) => `2024-01-01T0${row.replace(',', ':00Z,')}`,
    );
    const file = await withFile(['time,load,temp', ...rows].join('\n'), (name) =>
      readLoadFile(name),
    );
    expect(file).toMatchObject({ rows: 5, rejected: 0, endMs: Date.UTC(2024, 0, 1, 2) });
    expect(startsOf(file.temperature)).toEqual(['2024-01-01T00:00Z', '2024-01-01T01:00Z']);
    expect(startsOf(file.futureTemperature)).toEqual(['2024-01-01T02:00Z', '2024-01-01T03:00Z']);
  });

  it('with stamps at the end names the starts', async () => {
    const rows = ['00:15', '00:30', '00:45', '24:00'].map((at) => `2024-01-01 ${at},5`);
    const file = await withFile(['time,load', ...rows].join('\n'), (name) =>
      readLoadFile(name, { zone: 'UTC' }),
    );
    expect(file.stamps).toBe('end');
    expect(startsOf(file.load)).toEqual([
      '2024-01-01T00:00Z',
      '2024-01-01T00:15Z',
      '2024-01-01T00:30Z',
      '2024-01-01T23:45Z',
    ]);
  });

  it('in a column of UTC stamps needs no zone, and the zone of the series does not shift it', async () => {
    const rows = ['00:00', '01:00', '02:00'].map((at) => `2024-01-01 ${at},5`);
    const file = await withFile(['time_utc,load', ...rows].join('\n'), (name) =>
      readLoadFile(name, { zone: 'Asia/Tokyo' }),
    );
    expect(startsOf(file.load)[0]).toBe('2024-01-01T00:00Z');
  });

  it('of 100,000 rows is read in seconds', async () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => {
      const stamp = new Date(Date.UTC(2020, 0, 1) + i * 900_000).toISOString();
      return `${stamp.slice(0, 19)}Z,${4_000 + (i % 977)}.25,12.5`;
    });
    await withFile(['timestamp,load_mw,temperature_c', ...rows].join('\n'), async (name) => {
      const began = performance.now();
      const file = await readLoadFile(name);
      expect(performance.now() - began).toBeLessThan(10_000);
      expect(file.load).toHaveLength(100_000);
    });
  });
});

describe('the embedded year of Victoria', () => {
  it('is whole: 17,520 half hours with load and temperature', async () => {
    const file = await readLoadFile(embedded);
    expect(file).toMatchObject({
      rows: 17_520,
      rejected: 0,
      resolutionMinutes: 30,
      unit: 'MW',
      issues: [],
    });
    expect(file.firstMs).toBe(Date.UTC(2013, 11, 31, 14));
    expect(file.endMs).toBe(Date.UTC(2014, 11, 31, 14));
    expect(file.temperature).toHaveLength(17_520);
    const { hourly, issues } = hourlyMeans(file.load);
    expect(hourly.values).toHaveLength(8_760);
    expect(hourly.values[0]).toBeCloseTo((3_914.647 + 3_672.55) / 2, 9);
    expect(issues).toEqual([]);
  });
});

describe.skipIf(!existsSync(vicElec))(`vic_elec (skipped where ${vicElec} is missing)`, () => {
  it('is read without a rejected row, and agrees with the embedded year', async () => {
    const file = await readLoadFile(vicElec);
    expect(file).toMatchObject({
      rows: 26_304,
      rejected: 0,
      resolutionMinutes: 60,
      unit: 'MW',
      issues: [],
    });
    const year = await readLoadFile(embedded);
    const byStart = new Map(file.load.map(({ startMs, value }) => [startMs, value]));
    const { hourly } = hourlyMeans(year.load);
    hourly.values.forEach((value, hour) => {
      const startMs = hourly.startMs + hour * 3_600_000;
      expect(Math.abs(value - (byStart.get(startMs) ?? value))).toBeLessThan(0.01);
    });
  });
});
