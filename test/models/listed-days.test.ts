import { describe, expect, it } from 'vitest';
import type { CalendarDays } from '../../src/core/calendar-entry.js';
import type { Place } from '../../src/core/history.js';
import { dayMs, hourMs } from '../../src/core/time.js';
import { buildFeatureTable } from '../../src/features/build-feature-table.js';
import type { FeatureTable } from '../../src/features/feature-table.js';
import { addedIn, fitScaler, lstmColumns } from '../../src/models/lstm/inputs.js';
import { lstmFeatureNames } from '../../src/models/lstm/feature-names.js';
import { lstmMember } from '../../src/models/lstm/lstm.js';
import { prophetMember } from '../../src/models/prophet/prophet.js';
import { changed, sampleHistory } from '../forecast/sample-history.js';

const startMs = Date.parse('2023-01-01T23:00:00Z'); // a Monday of Paris
const originDay = 63;
const issuedAtMs = startMs + originDay * dayMs;

function days(kind: CalendarDays['kind'], fromDay: number, toDay: number): CalendarDays {
  const [fromMs, toMs] = [startMs + fromDay * dayMs, startMs + toDay * dayMs];
  return { kind, name: kind, region: null, share: 1, startMs: fromMs, endMs: toMs };
}

/** Breaks lower the load by a fifth. */
const breaks = [days('school', 14, 21), days('school', 35, 42)];
const isBreak = (instantMs: number): boolean =>
  breaks.some((each) => instantMs >= each.startMs && instantMs < each.endMs);

function tableWith(entries: readonly CalendarDays[], holidayRegion: string | null): FeatureTable {
  const place: Place = {
    zone: 'Europe/Paris',
    holidayRegion,
    ...(entries.length > 0 ? { entries } : {}),
  };
  const history = changed(sampleHistory(originDay + 3, place, startMs), {
    loadMw: (mw, instantMs) => (isBreak(instantMs) ? 0.8 * mw : mw),
  });
  return buildFeatureTable({ history, issuedAtMs, endMs: issuedAtMs + 72 * hourMs });
}

const fit = { seed: 1, threads: 1, validationStart: null, steps: null };
const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('inputs of the LSTM', () => {
  it('are those of before where nothing is listed, or only after the training', () => {
    const rows = originDay * 24;
    expect(addedIn(tableWith([], 'FR'), rows).listed).toEqual([]);
    const ahead = tableWith([days('school', originDay, originDay + 2)], 'FR');
    expect(addedIn(ahead, rows).listed).toEqual([]);
    const plain = tableWith([], 'FR');
    expect(lstmColumns(ahead, fitScaler(plain, rows), true)).toEqual(
      lstmColumns(plain, fitScaler(plain, rows), true),
    );
  });

  it('have school breaks, shutdowns and bridge days once they are listed', () => {
    const entries = [...breaks, days('shutdown', 5, 6), days('bridge', 30, 31)];
    const table = tableWith(entries, 'FR');
    const added = addedIn(table, originDay * 24);
    expect(added.listed).toEqual(['bridge', 'school', 'shutdown']);
    const names = lstmFeatureNames(true, added);
    const columns = lstmColumns(table, fitScaler(table, 1000), true, added);
    const at = (day: number, name: string): number[] => [
      columns.encoder[(24 * day + 12) * columns.encoderFeatures + names.encoder.indexOf(name)]!,
      columns.known[(24 * day + 12) * columns.knownFeatures + names.decoder.indexOf(name)]!,
    ];
    expect([columns.encoderFeatures, columns.knownFeatures]).toEqual([8 + 3, 18 + 3]);
    for (const [name, day] of [
      ['school', 14],
      ['shutdown', 5],
      ['bridge', 30],
    ] as const) {
      expect(at(day, name)).toEqual([1, 1]);
      expect(at(50, name)).toEqual([0, 0]);
    }
  });

  it('are remembered: a model goes on reading what it was trained with', async () => {
    const trained = await lstmMember.fit(tableWith(breaks, null), { ...fit, steps: 2 });
    const saved = trained.save();
    expect(saved.manifest).toMatchObject({
      listedDays: ['school'],
      network: { encoderFeatures: 9, decoderFeatures: 30 },
    });
    const restored = await lstmMember.restore(saved);
    const without = tableWith([], null);
    expect(restored.predict(without).pointMw).toEqual(trained.predict(without).pointMw);
    const warm = await lstmMember.fit(without, { ...fit, steps: 2, previous: saved });
    expect(warm.facts['warm start']).toBe(
      'no: the previous model reads other days of the calendar',
    );
    for (const member of [trained, restored, warm]) member.dispose();
  });
});

describe('Prophet', () => {
  it('learns what a school break does, and forecasts the next one', async () => {
    const next = days('school', originDay, originDay + 3);
    const fitted = await prophetMember.fit(tableWith(breaks, null), fit);
    const ordinary = mean(fitted.predict(tableWith(breaks, null)).pointMw);
    const inBreak = mean(fitted.predict(tableWith([...breaks, next], null)).pointMw);
    expect(inBreak / ordinary).toBeGreaterThan(0.77);
    expect(inBreak / ordinary).toBeLessThan(0.85);
  });

  it('of regions with holidays of their own is restored as it was', async () => {
    const regions = 'DE-BY:1,DE-NW:1'; // 6 January is a holiday in Bavaria alone
    const fitted = await prophetMember.fit(tableWith([], regions), fit);
    const saved = fitted.save();
    expect(saved.manifest).toMatchObject({ recipe: { sharedHolidays: true } });
    const restored = await prophetMember.restore({
      ...saved,
      manifest: JSON.parse(JSON.stringify(saved.manifest)),
    });
    const table = tableWith([], regions);
    expect(restored.predict(table).pointMw).toEqual(fitted.predict(table).pointMw);
  });

  it('of one region says nothing of shares', async () => {
    const { manifest } = (await prophetMember.fit(tableWith([], 'DE-BY'), fit)).save();
    expect(JSON.stringify(manifest)).not.toContain('sharedHolidays');
  });
});
