import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayMs, hourMs } from '../../../src/core/time.js';
import { hourlyMeans } from '../../../src/ingest/hourly-means.js';
import { aSeries } from '../samples.js';
import type { TestedStore } from '../store-contract.js';

const start = Date.UTC(2024, 0, 1);
const half = hourMs / 2;
const at = (hour: number, value: number, minutes = 60) => ({
  startMs: start + hour * hourMs,
  minutes,
  value,
});
const received = (atMs: number) => ({ kind: 'received', atMs }) as const;

export function describeReadings(tested: TestedStore): void {
  describe('readings', () => {
    it('written twice add nothing the second time', async () => {
      const readings = [at(0, 1.5), at(1, 2.5)];
      expect(await tested.store.writeLoad('mill', readings, received(5))).toEqual({
        added: 2,
        unchanged: 0,
        revised: 0,
      });
      expect(await tested.store.writeLoad('mill', readings, received(6))).toEqual({
        added: 0,
        unchanged: 2,
        revised: 0,
      });
      expect(await tested.store.readLoad('mill')).toEqual(readings);
    });

    it('that changed add a version, and each reader sees the newest it could know', async () => {
      await tested.store.writeLoad('mill', [at(0, 10), at(1, 11)], received(start + 3 * hourMs));
      const counts = await tested.store.writeLoad(
        'mill',
        [at(0, 20), at(1, 11), at(2, 12)],
        received(start + 5 * hourMs),
      );
      expect(counts).toEqual({ added: 1, unchanged: 1, revised: 1 });
      const known = (hour: number) =>
        tested.store.readLoad('mill', { knownAtMs: start + hour * hourMs });
      expect(await known(2)).toEqual([]);
      expect(await known(3)).toEqual([at(0, 10), at(1, 11)]);
      expect(await known(4.999)).toEqual([at(0, 10), at(1, 11)]);
      expect(await known(5)).toEqual([at(0, 20), at(1, 11), at(2, 12)]);
      expect(await tested.store.readLoad('mill')).toEqual([at(0, 20), at(1, 11), at(2, 12)]);
    });

    it('that change back are a version again', async () => {
      for (const [value, atMs] of [
        [1, 10],
        [2, 20],
        [1, 30],
      ] as const)
        await tested.store.writeTemperature('mill', [at(0, value)], received(atMs));
      expect(await tested.store.readTemperature('mill', { knownAtMs: 25 })).toEqual([at(0, 2)]);
      expect(await tested.store.readTemperature('mill', { knownAtMs: 30 })).toEqual([at(0, 1)]);
    });

    it('without an arrival time are known after their interval and the reporting delay', async () => {
      await tested.store.saveSeries(aSeries({ reportingDelayHours: 1.5 }));
      await tested.store.writeLoad('mill', [at(0, 1, 30)], { kind: 'assumed' });
      const knownFrom = start + half + 1.5 * hourMs;
      expect(await tested.store.readLoad('mill', { knownAtMs: knownFrom - 1 })).toEqual([]);
      expect(await tested.store.readLoad('mill', { knownAtMs: knownFrom })).toEqual([at(0, 1, 30)]);
    });

    it('without an arrival time are known no later than they were written', async () => {
      const writtenAtMs = start + half;
      await tested.store.writeLoad('mill', [at(0, 1)], { kind: 'assumed', writtenAtMs });
      expect(await tested.store.readLoad('mill', { knownAtMs: writtenAtMs })).toEqual([at(0, 1)]);
    });

    it('corrected later do not change what was known before the correction', async () => {
      const writtenAtMs = start + 100 * dayMs;
      await tested.store.writeLoad('mill', [at(0, 1)], { kind: 'assumed', writtenAtMs });
      const corrected = { kind: 'assumed', writtenAtMs: writtenAtMs + dayMs } as const;
      await tested.store.writeLoad('mill', [at(0, 2)], corrected);
      expect(await tested.store.readLoad('mill', { knownAtMs: writtenAtMs })).toEqual([at(0, 1)]);
      expect(await tested.store.readLoad('mill', { knownAtMs: writtenAtMs + dayMs })).toEqual([
        at(0, 2),
      ]);
    });

    it('may be of several lengths; a correction of another length takes the place of what it covers', async () => {
      const { store } = tested;
      const quarters = [0, 0.25, 0.5, 0.75].map((hour) => at(hour, hour, 15));
      await store.writeLoad('mill', [at(-1, 7), ...quarters, at(1, 8)], received(start + hourMs));
      expect(await store.readLoad('mill')).toEqual([at(-1, 7), ...quarters, at(1, 8)]);

      const whole = await store.writeLoad('mill', [at(0, 9)], received(start + 5 * hourMs));
      expect(whole).toEqual({ added: 0, unchanged: 0, revised: 1 });
      expect(await store.readLoad('mill')).toEqual([at(-1, 7), at(0, 9), at(1, 8)]);
      const before = await store.readLoad('mill', { knownAtMs: start + 4 * hourMs });
      expect(before).toEqual([at(-1, 7), ...quarters, at(1, 8)]);

      await store.writeLoad('mill', quarters, received(start + 9 * hourMs));
      expect(await store.readLoad('mill')).toEqual([at(-1, 7), ...quarters, at(1, 8)]);
    });

    it.each([0, 7, 61, 1.5])('of %s minutes are refused', async (minutes) => {
      await expect(
        tested.store.writeLoad('mill', [at(0, 1, minutes)], { kind: 'assumed' }),
      ).rejects.toThrow(`2024-01-01T00:00:00Z is of ${minutes} min; it must divide 60 min`);
    });

    it('are cut by a half-open interval and sorted by start', async () => {
      await tested.store.writeLoad('mill', [at(2, 2), at(0, 0), at(1, 1)], { kind: 'assumed' });
      const interval = { startMs: start, endMs: start + 2 * hourMs };
      expect(await tested.store.readLoad('mill', { interval })).toEqual([at(0, 0), at(1, 1)]);
    });

    it('tell their first and last start, if there are any', async () => {
      const { store } = tested;
      expect(await store.loadSpan('mill')).toBeNull();
      await store.writeLoad('mill', [at(5, 1), at(3, 2), at(4, 3)], { kind: 'assumed' });
      expect(await store.loadSpan('mill')).toEqual({
        firstMs: at(3, 2).startMs,
        lastMs: at(5, 1).startMs,
      });
      expect(await store.temperatureSpan('mill')).toBeNull();
    });

    it('of one interval twice in a list count once, the later one', async () => {
      const counts = await tested.store.writeLoad('mill', [at(0, 1), at(0, 2)], {
        kind: 'assumed',
      });
      expect(counts).toEqual({ added: 1, unchanged: 0, revised: 0 });
      expect(await tested.store.readLoad('mill')).toEqual([at(0, 2)]);
    });

    it.each([Number.NaN, Number.POSITIVE_INFINITY])(
      'of %s are refused as a whole',
      async (value) => {
        await expect(
          tested.store.writeLoad('mill', [at(0, 1), at(1, value)], { kind: 'assumed' }),
        ).rejects.toMatchObject({
          code: 'INVALID_INPUT',
          message: expect.stringContaining('2024-01-01T01:00:00Z'),
        });
        expect(await tested.store.readLoad('mill')).toEqual([]);
      },
    );

    it('come back bit for bit', async () => {
      const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
      await fc.assert(
        fc.asyncProperty(fc.array(finite, { maxLength: 50 }), fc.nat(), async (values, day) => {
          const readings = values.map((value, i) => at(i + (day % 1000) * 100, value));
          await tested.store.writeTemperature('mill', readings, { kind: 'assumed' });
          const interval = {
            startMs: at((day % 1000) * 100, 0).startMs,
            endMs: at((day % 1000) * 100 + values.length, 0).startMs,
          };
          expect(await tested.store.readTemperature('mill', { interval })).toEqual(readings);
        }),
        { numRuns: 20 },
      );
    });

    it('in long stretches come back bit for bit, holes and changes of length too', async () => {
      const decimals = fc
        .integer({ min: -9e8, max: 9e8 })
        .chain((whole) =>
          fc.constantFrom(1, 10, 1000, 1e6, 3).map((divisor) => whole / divisor + 0),
        );
      const values = fc.array(fc.oneof({ weight: 20, arbitrary: decimals }, fc.constant(null)), {
        minLength: 60,
        maxLength: 300,
      });
      const some = fc.record({ values, minutes: fc.constantFrom(5, 15, 60), hole: fc.nat(9_000) });
      let lastMs = start;
      await fc.assert(
        fc.asyncProperty(fc.array(some, { minLength: 1, maxLength: 3 }), async (stretches) => {
          const from = lastMs;
          const readings = stretches.flatMap(({ values: each, minutes, hole }) => {
            const firstMs = Math.ceil(lastMs / hourMs) * hourMs + hole * minutes * 60_000;
            lastMs = firstMs + each.length * minutes * 60_000;
            return each
              .map((value, i) => ({ startMs: firstMs + i * minutes * 60_000, minutes, value }))
              .flatMap(({ value, ...rest }) => (value === null ? [] : [{ ...rest, value }]));
          });
          const reception = { kind: 'assumed', writtenAtMs: from + dayMs } as const;
          const counts = await tested.store.writeLoad('mill', readings, reception);
          expect(counts).toEqual({ added: readings.length, unchanged: 0, revised: 0 });
          const read = (options = {}) =>
            tested.store.readLoad('mill', {
              interval: { startMs: from, endMs: lastMs },
              ...options,
            });
          expect(await read()).toEqual(readings);
          // Each is known from its end on, those that end later from when they were written.
          expect(await read({ knownAtMs: from + dayMs })).toEqual(readings);
          const noonMs = from + dayMs / 2;
          expect(await read({ knownAtMs: noonMs })).toEqual(
            readings.filter((reading) => reading.startMs + reading.minutes * 60_000 <= noonMs),
          );
        }),
        { numRuns: 30 },
      );
    });

    it('that are many are stored in batches, and counted as they are', async () => {
      const count = 250_000;
      const columns = {
        startMs: Float64Array.from({ length: count }, (_, i) => start + i * 60_000),
        minutes: new Uint8Array(count).fill(1),
        value: Float64Array.from({ length: count }, (_, i) => i / 100),
      };
      const written: number[] = [];
      const counts = await tested.store.writeLoad(
        'mill',
        columns,
        { kind: 'assumed' },
        (readings) => written.push(readings),
      );
      expect(counts).toEqual({ added: count, unchanged: 0, revised: 0 });
      expect(written).toEqual([100_000, 200_000, 250_000]);
      // As after a write that was cut short: what is there stays, the rest is added.
      const longer = {
        startMs: Float64Array.of(...columns.startMs.slice(-10), start + count * 60_000),
        minutes: new Uint8Array(11).fill(1),
        value: Float64Array.of(...columns.value.slice(-10), 7),
      };
      expect(await tested.store.writeLoad('mill', longer, { kind: 'assumed' })).toEqual({
        added: 1,
        unchanged: 10,
        revised: 0,
      });
    });

    it('in columns are refused as others are', async () => {
      const columns = {
        startMs: Float64Array.of(start, start + hourMs),
        minutes: Uint8Array.of(60, 60),
        value: Float64Array.of(1, Number.NaN),
      };
      await expect(
        tested.store.writeLoad('mill', columns, { kind: 'assumed' }),
      ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      expect(await tested.store.readLoad('mill')).toEqual([]);
    });

    it('give the same means of hours when filled hours come as one reading', async () => {
      const lengths = fc.constantFrom(5, 15, 30, 60);
      const some = fc.record({
        minutes: lengths,
        first: fc.integer({ min: -3, max: 40 }),
        count: fc.integer({ min: 1, max: 30 }),
        offGridMinutes: fc.constantFrom(0, 0, 0, 5, 30),
        value: fc.double({ min: 1, max: 1e4, noNaN: true }),
      });
      let series = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(some, { minLength: 1, maxLength: 8 }),
          fc.constantFrom(0, half, 15 * 60_000),
          fc.option(fc.nat(7), { nil: undefined }),
          async (writes, hourPhaseMs, knownAtMs) => {
            const id = `hours${series++}`;
            await tested.store.saveSeries(aSeries({ id, name: id }));
            for (const [atMs, { minutes, first, count, offGridMinutes, value }] of writes.entries())
              await tested.store.writeLoad(
                id,
                Array.from({ length: count }, (_, i) => ({
                  startMs: start + ((first + i) * minutes + offGridMinutes) * 60_000,
                  minutes,
                  value: value + i,
                })),
                received(atMs),
              );
            const options = knownAtMs === undefined ? {} : { knownAtMs };
            const each = await tested.store.readLoad(id, options);
            const condensed = await tested.store.readLoad(id, { ...options, hourPhaseMs });
            expect(condensed.length).toBeLessThanOrEqual(each.length);
            const expected = hourlyMeans(each, hourPhaseMs).hourly;
            const actual = hourlyMeans(condensed, hourPhaseMs).hourly;
            expect(actual.startMs).toBe(expected.startMs);
            expect(actual.values).toHaveLength(expected.values.length);
            const apart = expected.values.map((mean, i) =>
              Object.is(mean, actual.values[i]) ? 0 : Math.abs(mean - actual.values[i]!),
            );
            expect(Math.max(...apart)).toBeLessThan(1e-8);
          },
        ),
        { numRuns: 150 },
      );
    });

    it('of whole hours come as one reading each', async () => {
      await tested.store.writeLoad(
        'mill',
        [0, 0.5, 1, 1.5, 2, 80, 80.5].map((hour) => at(hour, 10 * hour, 30)),
        { kind: 'assumed' },
      );
      expect(await tested.store.readLoad('mill', { hourPhaseMs: 0 })).toEqual([
        at(0, 2.5),
        at(1, 10, 30),
        at(1.5, 15, 30),
        at(2, 20, 30),
        at(80, 802.5),
      ]);
    });

    it('of 200,000 intervals are written in seconds and a year of them read at once', async () => {
      const readings = Array.from({ length: 200_000 }, (_, i) => ({
        startMs: start + i * half,
        minutes: 30,
        value: 1000 + Math.sin(i),
      }));
      const writing = performance.now();
      await tested.store.writeLoad('mill', readings, { kind: 'assumed' });
      expect(performance.now() - writing).toBeLessThan(15_000);
      const interval = { startMs: start, endMs: start + 366 * dayMs };
      const reading = performance.now();
      expect(await tested.store.readLoad('mill', { interval })).toHaveLength(366 * 48);
      expect(performance.now() - reading).toBeLessThan(1_000);
    });
  });
}
