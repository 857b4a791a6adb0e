import { describe, expect, it } from 'vitest';
import { accuracy } from '../../src/core/metrics.js';
import type { HourlySeries } from '../../src/core/hourly.js';
import { dayMs, hourMs } from '../../src/core/time.js';
import { accuracyByLead, blendColumn, memberColumn } from '../../src/evaluate/accuracy-by-lead.js';
import { evaluateForecasts } from '../../src/evaluate/evaluate-forecasts.js';
import { sampleForecast } from './sample-forecasts.js';

const issuedAtMs = Date.parse('2023-12-22T23:00:00Z'); // midnight of 23 December in Paris
const load: HourlySeries = {
  startMs: issuedAtMs - 30 * dayMs,
  values: new Float64Array(40 * 24).fill(100),
};

describe('accuracyByLead', () => {
  it('keeps the lead days apart', () => {
    const forecast = sampleForecast(issuedAtMs, (lead) => 100 + 10 * Math.floor(lead / 24));
    const figures = accuracyByLead([forecast], load, blendColumn);
    expect([figures.day1, figures.day2, figures.day3].map((day) => [day.n, day.mae])).toEqual([
      [24, 0],
      [24, 10],
      [24, 20],
    ]);
    expect(figures.all.mae).toBe(10);
    expect(figures.all.coverage1090).toBeCloseTo(200 / 3, 9); // 90–110, 99–121, 108–132
  });

  it('scores a member where it took part, without quantiles', () => {
    const forecast = sampleForecast(issuedAtMs, () => 100, {
      memberMw: (lead) => ({ a: lead < 24 ? 103 : null }),
    });
    const figures = accuracyByLead([forecast], load, memberColumn('a'));
    expect(figures.all.n).toBe(24);
    expect(figures.all.mae).toBe(3);
    expect(figures.all.pinballPct).toBeNaN();
    expect(accuracyByLead([forecast], load, memberColumn('unknown')).all.n).toBe(0);
  });

  it('skips hours that have no truth yet', () => {
    const forecast = sampleForecast(issuedAtMs, () => 101);
    const known = { ...load, values: load.values.subarray(0, 30 * 24 + 10) };
    expect(accuracyByLead([forecast], known, blendColumn).all.n).toBe(10);
    expect(accuracyByLead([forecast], known, blendColumn).day2).toEqual(accuracy([], []));
  });
});

describe('evaluateForecasts', () => {
  const forecasts = [0, 1, 2].map((day) =>
    sampleForecast(
      issuedAtMs + day * dayMs,
      (_lead, startMs) => (startMs < issuedAtMs + dayMs ? 102 : 110),
      {
        members: [{ name: 'a', version: 'a-1', weightsByLeadDay: [1, 1, 1], leftOut: null }],
        memberMw: () => ({ a: 105 }),
      },
    ),
  );
  const evaluation = evaluateForecasts({
    seriesId: 'sample',
    zone: 'Europe/Paris',
    evaluatedAtMs: 1000,
    forecasts,
    load,
    anomaly: null,
  });

  it('names its span and its kind', () => {
    expect(evaluation.forecasts).toBe(3);
    expect(evaluation.firstIssuedAtMs).toBe(issuedAtMs);
    expect(evaluation.lastIssuedAtMs).toBe(issuedAtMs + 2 * dayMs);
    expect(evaluation.kind).toBe('replay');
  });

  it('sets the blend beside every member and naive', () => {
    expect(Object.keys(evaluation.members)).toEqual(['a', 'naive']);
    expect(evaluation.members['a']?.all.mae).toBe(5);
    expect(evaluation.members['naive']?.all.mae).toBe(0);
    expect(evaluation.blend.all.n).toBe(216);
  });

  it('shows the turn of the year apart from ordinary days', () => {
    const ordinary = evaluation.groups['ordinary days'];
    const turn = evaluation.groups['24 December to 1 January'];
    expect(ordinary?.blend.all.n).toBe(24); // 23 December alone
    expect(ordinary?.blend.all.mae).toBe(2);
    expect(turn?.blend.all.n).toBe(192);
    expect(turn?.blend.all.mae).toBe(10);
    expect(turn?.naive.all.n).toBe(192);
  });

  it('leaves out a group without hours', () => {
    const summer = evaluateForecasts({
      seriesId: 'sample',
      zone: 'Europe/Paris',
      evaluatedAtMs: 1000,
      forecasts: [sampleForecast(issuedAtMs - 20 * dayMs, () => 100)],
      load,
      anomaly: null,
    });
    expect(Object.keys(summer.groups)).toEqual(['ordinary days']);
    expect(summer.trend.byLead.all.forecast.directionN).toBe(0); // a flat load has no direction
    expect(issuedAtMs % hourMs).toBe(0);
  });
});
