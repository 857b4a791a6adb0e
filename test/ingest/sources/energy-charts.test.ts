import { describe, expect, it } from 'vitest';
import { fetchEnergyCharts, parseEnergyCharts } from '../../../src/ingest/sources/energy-charts.js';
import { answers, localServer, pagesOf, status } from './local-server.js';

const start = Date.UTC(2024, 0, 1);

/** As documented on api.energy-charts.info, `/public_power`. */
function answer(minutesOfStamps: readonly number[], load: readonly (number | null)[]) {
  const types = [
    { name: 'Cross border electricity trading', data: load.map(() => -1) },
    { name: 'Nuclear', data: load.map(() => 40_000) },
    { name: 'Load', data: load },
    { name: 'Renewable share of load', data: load.map(() => 30) },
  ];
  return {
    unix_seconds: minutesOfStamps.map((minute) => start / 1_000 + minute * 60),
    production_types: types,
    deprecated: false,
  };
}
const at = (minute: number, minutes: number, value: number) => ({
  startMs: start + minute * 60_000,
  minutes,
  value,
});

describe("Energy-Charts' answer", () => {
  it('is the load of each interval; those without one are left out', () => {
    expect(parseEnergyCharts(answer([0, 60, 120], [50_000, null, 51_000.5]))).toEqual([
      at(0, 60, 50_000),
      at(120, 60, 51_000.5),
    ]);
  });

  it('may go over from hours to quarter hours', () => {
    const stamps = [0, 60, 120, 135, 150, 165, 180];
    expect(parseEnergyCharts(answer(stamps, [1, 2, 3, 4, 5, 6, 7]))).toEqual([
      at(0, 60, 1),
      at(60, 60, 2),
      at(120, 15, 3),
      at(135, 15, 4),
      at(150, 15, 5),
      at(165, 15, 6),
      at(180, 15, 7),
    ]);
  });

  it('keeps the length of its intervals across a hole, in any order of the stamps', () => {
    const quarters = answer([15, 0, 30, 240, 255], [2, 1, 3, 4, 5]);
    expect(parseEnergyCharts(quarters).map(({ minutes }) => minutes)).toEqual([15, 15, 15, 15, 15]);
    expect(parseEnergyCharts(answer([0], [1]))).toEqual([at(0, 60, 1)]);
  });

  it('may give a stamp twice: the last load counts', () => {
    const stamps = [0, 60, 60, 120];
    expect(parseEnergyCharts(answer(stamps, [1, 2, 3, 4]))).toEqual([
      at(0, 60, 1),
      at(60, 60, 3),
      at(120, 60, 4),
    ]);
  });

  it('of no stamp is no load', () => {
    expect(parseEnergyCharts({ unix_seconds: [], production_types: [] })).toEqual([]);
  });

  it.each([
    ['null', null, /documented shape/],
    ['an error', { detail: 'not found' }, /documented shape/],
    ['stamps in text', { ...answer([], []), unix_seconds: ['2024'] }, /documented shape/],
    [
      'without a load',
      { ...answer([0], [1]), production_types: [{ name: 'Solar', data: [1] }] },
      /no series "Load"; it has "Solar"/,
    ],
    ['of two lengths', answer([0, 60], [1]), /2 times but 1 loads/],
  ])('that is %s is refused', (_, json, message) => {
    expect(() => parseEnergyCharts(json)).toThrow(
      expect.objectContaining({
        code: 'SOURCE_FAILED',
        message: expect.stringMatching(message),
      }),
    );
  });
});

const server = localServer();

const load = (baseUrl: string, days: number) =>
  fetchEnergyCharts({
    country: 'fr',
    baseUrl,
    interval: { startMs: start, endMs: start + days * 86_400_000 },
    timeoutMs: 300,
    retryDelayMs: 1,
    pauseMs: 1,
  });

describe("asking for Energy-Charts' load", () => {
  it('goes from month to month and leaves out what was not asked', async () => {
    const first = answer([-60, 0, 60], [9, 1, 2]);
    const later = answer([31 * 1_440, 40 * 1_440], [3, 4]);
    const baseUrl = await server.serve(answers(first), answers(later));
    expect(await pagesOf(load(baseUrl, 40))).toEqual([
      [at(0, 60, 1), at(60, 60, 2)],
      [at(31 * 1_440, 60, 3)],
    ]);
    const spans = server.asked.map((path) =>
      Object.fromEntries(new URLSearchParams(path.slice(path.indexOf('?')))),
    );
    expect(server.asked[0]).toMatch(/^\/public_power\?/);
    expect(spans).toEqual([
      { country: 'fr', start: '2024-01-01T00:00Z', end: '2024-01-31T23:59Z' },
      { country: 'fr', start: '2024-02-01T00:00Z', end: '2024-02-09T23:59Z' },
    ]);
  });

  it('tries again after 429, and says so when it is refused', async () => {
    const good = answers(answer([0], [1]));
    expect(await pagesOf(load(await server.serve(status(429), good), 1))).toEqual([[at(0, 60, 1)]]);
    const refusing = await server.serve(status(404));
    await expect(pagesOf(load(refusing, 1))).rejects.toThrow(
      /^Energy-Charts at http.* failed after 1 of 3 attempts: HTTP 404/,
    );
  });
});
