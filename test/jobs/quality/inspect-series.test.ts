import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadMark } from '../../../src/core/load-mark.js';
import { dayMs, hourMs } from '../../../src/core/time.js';
import { defaultPolicy, type QualityPolicy } from '../../../src/ingest/quality-policy.js';
import { inspectSeries, judgeHours } from '../../../src/jobs/quality/inspect-series.js';
import { seriesHistory } from '../../../src/jobs/series-history.js';
import type { JobServices } from '../../../src/jobs/job-services.js';
import type { Series } from '../../../src/store/store.js';
import { victoriaHistory } from '../../forecast/sample-history.js';
import { dataStartMs, openJobHome, readings, storeSeries, type JobHome } from '../job-home.js';

/** Six hours of the fortieth day at one value, a spike on the fiftieth. */
const stuckAtMs = dataStartMs + 40 * dayMs + 3 * hourMs;
const spikeAtMs = dataStartMs + 50 * dayMs + 12 * hourMs;
const stuckHours = 6;
const days = 60;

let home: JobHome;
let services: JobServices;
let series: Series;
beforeEach(async () => {
  home = await openJobHome();
  services = home.services;
  home.setNow(dataStartMs + days * dayMs);
  series = await storeSeries(home, days);
  const values = victoriaHistory().load.values.slice(0, days * 24);
  values.fill(values[row(stuckAtMs)] ?? 0, row(stuckAtMs), row(stuckAtMs) + stuckHours + 1);
  values[row(spikeAtMs)] = 3 * (values[row(spikeAtMs)] ?? 0);
  await services.store.writeLoad(series.id, readings(values, 0, days), { kind: 'assumed' });
});
afterEach(() => home.close());

const row = (ms: number) => (ms - dataStartMs) / hourMs;
const marks = (): Promise<LoadMark[]> => services.store.listLoadMarks(series.id);
const withPolicy = (policy: Partial<QualityPolicy>): JobServices => ({
  ...services,
  policyOf: () => ({ ...defaultPolicy, ...policy }),
});
async function knownAt(using: JobServices, ms: number): Promise<number> {
  const { load } = await seriesHistory(using, series);
  return load.values[(ms - load.startMs) / hourMs] ?? Number.NaN;
}
const measuredAt = async (ms: number): Promise<number> =>
  (await services.store.readLoad(series.id)).find(({ startMs }) => startMs === ms)?.value ?? 0;

describe('the inspection of a series', () => {
  it('marks what it doubts, hour by hour with a substitute, and leaves the loads as they are', async () => {
    expect(await inspectSeries(services, series)).toEqual({ added: 2, withdrawn: 0 });
    const [stuck, spike] = await marks();
    expect(stuck).toMatchObject({
      kind: 'stuck',
      treatment: 'mask',
      startMs: stuckAtMs + hourMs,
      endMs: stuckAtMs + (1 + stuckHours) * hourMs,
      values: { length: stuckHours },
    });
    expect(spike).toMatchObject({ kind: 'spike', startMs: spikeAtMs, values: { length: 1 } });
    const [value] = spike?.values ?? [];
    expect(value?.loadMw).toBe(await measuredAt(spikeAtMs));
    const usual = (value?.loadMw ?? 0) / 3;
    expect(Math.abs((value?.substituteMw ?? 0) / usual - 1)).toBeLessThan(0.1);
    expect(await knownAt(services, spikeAtMs)).toBeNaN();
    expect(await knownAt(services, stuckAtMs)).not.toBeNaN();
  });

  it('changes nothing the second time, and withdraws what is corrected', async () => {
    await inspectSeries(services, series);
    const before = await marks();
    home.setNow(services.nowMs() + hourMs);
    expect(await inspectSeries(services, series)).toEqual({ added: 0, withdrawn: 0 });
    const value = (await measuredAt(spikeAtMs)) / 3;
    await services.store.writeLoad(series.id, [{ startMs: spikeAtMs, minutes: 60, value }], {
      kind: 'received',
      atMs: services.nowMs(),
    });
    expect(await inspectSeries(services, series)).toEqual({ added: 0, withdrawn: 1 });
    expect((await marks()).map(({ kind }) => kind)).toEqual(['stuck']);
    const knownAtMs = services.nowMs() - 1;
    expect(await services.store.listLoadMarks(series.id, { knownAtMs })).toMatchObject(
      before.map(({ id }) => ({ id })),
    );
    expect(await knownAt(services, spikeAtMs)).toBe(value);
  });

  it('does by the policy of each fault: nothing, a mark alone, a substitute of a short stretch', async () => {
    expect(await inspectSeries(withPolicy({ spike: 'keep', stuck: 'mark' }), series)).toMatchObject(
      {
        added: 1,
      },
    );
    expect(await marks()).toMatchObject([{ kind: 'stuck', treatment: 'mark', values: [] }]);
    expect(await knownAt(services, spikeAtMs)).toBe(await measuredAt(spikeAtMs));
    expect(
      (await seriesHistory(withPolicy({ spike: 'keep', stuck: 'mark' }), series)).screening,
    ).toEqual({ ignored: expect.arrayContaining(['spike', 'stuck']), trusted: [] });

    await inspectSeries(withPolicy({ spike: 'impute', stuck: 'impute' }), series);
    const [stuck, spike] = await marks();
    expect(await knownAt(services, spikeAtMs)).toBe(spike?.values[0]?.substituteMw);
    expect(await knownAt(services, stuckAtMs + 2 * hourMs)).toBe(stuck?.values[1]?.substituteMw);
  });

  it('never imputes a long stretch, whatever the policy', async () => {
    const values = victoriaHistory().load.values.slice(0, days * 24);
    const first = row(stuckAtMs);
    values.fill(values[first] ?? 0, first, first + 9);
    await services.store.writeLoad(series.id, readings(values, 0, days), { kind: 'assumed' });
    await inspectSeries(withPolicy({ stuck: 'impute' }), series);
    expect(await marks()).toMatchObject([{ kind: 'stuck', values: { length: 8 } }]);
    expect(await knownAt(services, stuckAtMs + 2 * hourMs)).toBeNaN();
  });

  it('of a replay, which knows no later judgement, takes nothing from its history', async () => {
    await inspectSeries(services, series);
    const replay = { ...series, kind: 'replay' } as const;
    const { load } = await seriesHistory(services, replay);
    expect(load.values[(spikeAtMs - load.startMs) / hourMs]).toBe(await measuredAt(spikeAtMs));
  });
});

describe('what a person says', () => {
  const spike = { startMs: spikeAtMs, endMs: spikeAtMs + hourMs };

  it('that hours are right stands against the inspection and the screening', async () => {
    await inspectSeries(services, series);
    await judgeHours(services, series, spike, { treatment: 'keep', reason: 'a test of the pumps' });
    await inspectSeries(services, series);
    expect(await marks()).toMatchObject([
      { kind: 'stuck' },
      { kind: 'person', treatment: 'keep', reason: 'a test of the pumps', values: [] },
    ]);
    expect(await knownAt(services, spikeAtMs)).toBe(await measuredAt(spikeAtMs));
    expect((await seriesHistory(services, series)).screening?.trusted).toEqual([spike]);
  });

  it('that hours are wrong takes them out, and can be taken back', async () => {
    const wrong = { startMs: dataStartMs + 30 * dayMs, endMs: dataStartMs + 30.25 * dayMs };
    await judgeHours(services, series, wrong, { treatment: 'mask', reason: 'meter exchanged' });
    const [mark] = await marks();
    expect(mark).toMatchObject({ kind: 'person', madeBy: 'person', values: { length: 6 } });
    expect(await knownAt(services, wrong.startMs)).toBeNaN();
    const withdraw = [mark?.id ?? 0];
    await services.store.changeLoadMarks(series.id, { add: [], withdraw }, services.nowMs());
    expect(await knownAt(services, wrong.startMs)).toBe(await measuredAt(wrong.startMs));
  });
});
