import { describe, expect, it } from 'vitest';
import type { HourlySeries } from '../../src/core/hourly.js';
import { hourMs } from '../../src/core/time.js';
import { trendConsistency } from '../../src/evaluate/trend.js';
import type { ByLead } from '../ensemble/scored-forecasts.js';
import { sampleForecast } from './sample-forecasts.js';

const utcMidnight = Date.parse('2023-06-10T00:00:00Z');

/** Load from two weeks before an issue time to its last hour. */
function loadAround(
  issuedAtMs: number,
  value: (lead: number, startMs: number) => number,
): HourlySeries {
  const before = 14 * 24;
  const startMs = issuedAtMs - before * hourMs;
  return {
    startMs,
    values: Float64Array.from({ length: before + 72 }, (_, i) =>
      value(i - before, startMs + i * hourMs),
    ),
  };
}

function figures(
  actual: (lead: number) => number,
  forecast: (lead: number) => number,
  zone = 'UTC',
  issuedAtMs = utcMidnight,
) {
  const trend = trendConsistency(
    [sampleForecast(issuedAtMs, forecast)],
    loadAround(issuedAtMs, actual),
    zone,
  );
  const { all, day1, day2, day3 } = trend.byLead;
  return {
    all: all.forecast,
    day1: day1.forecast,
    day2: day2.forecast,
    day3: day3.forecast,
    naive: all.naive,
  };
}

/** A course of two levels about 100 MW. */
function staircase(step: number): ByLead {
  return (lead) => 100 + (lead % 2 === 0 ? -step : step) / 2;
}

function hourOfDay(lead: number): number {
  return ((lead % 24) + 24) % 24;
}

const rising: ByLead = (lead) => 100 + hourOfDay(lead);

function peakAt(hour: number, size: number): ByLead {
  return (lead) => (hourOfDay(lead) === hour ? size : 100 + (lead % 3));
}

const twoPeaks: ByLead = (lead) => (lead % 24 === 8 || lead % 24 === 18 ? 200 : 100);
const lateHour: ByLead = (lead) => (lead === 24 ? 200 : 100 + (lead % 3));
const zigzag = (lead: number): number => (lead % 2 === 0 ? 95 : 105);

describe('direction of hour-to-hour change', () => {
  it('is right with the same sign, whatever the size', () => {
    const trend = figures(zigzag, (lead) => 50 + 0.001 * zigzag(lead));
    expect(trend.all.directionPct).toBe(100);
    expect(trend.all.directionN).toBe(71);
  });

  it('is wrong against the move, and flat is wrong too', () => {
    expect(figures(zigzag, (lead) => 200 - zigzag(lead)).all.directionPct).toBe(0);
    expect(figures(zigzag, () => 100).all.directionPct).toBe(0);
    // Right on odd leads (up), flat on even ones: the truth goes up 36 times and down 35 times.
    const half = figures(zigzag, (lead) => 100 + 10 * Math.ceil(lead / 2));
    expect(half.all.directionPct).toBeCloseTo((100 * 36) / 71, 9);
  });

  it('counts moves from 0.5 % of the mean load on', () => {
    // Mean load 100: a move of 0.5 counts, one of 0.49 does not.
    expect(figures(staircase(0.5), zigzag).all.directionN).toBe(71);
    expect(figures(staircase(0.49), zigzag).all.directionN).toBe(0);
    expect(figures(staircase(0.49), zigzag).all.directionPct).toBeNaN();
  });

  it('gives a move to the lead day of its later hour', () => {
    const trend = figures(zigzag, zigzag);
    expect([trend.day1, trend.day2, trend.day3].map((day) => day.directionN)).toEqual([23, 24, 24]);
  });

  it('skips moves with a missing truth', () => {
    const trend = figures((lead) => (lead === 10 ? Number.NaN : zigzag(lead)), zigzag);
    expect(trend.all.directionN).toBe(69);
  });
});

describe('shape of the day', () => {
  it('is 1 in the same order, −1 in the opposite one', () => {
    expect(figures(rising, (lead) => rising(lead) ** 2).all.shapeCorrelation).toBeCloseTo(1, 12);
    expect(figures(rising, (lead) => -rising(lead)).all.shapeCorrelation).toBeCloseTo(-1, 12);
  });

  it('gives ties their mean rank', () => {
    // 24 ranks have squares 1150 about their mean; pairs of equal ones 1144, and 1144 in common.
    const trend = figures(rising, (lead) => Math.floor((lead % 24) / 2));
    expect(trend.day2.shapeCorrelation).toBeCloseTo(1144 / Math.sqrt(1150 * 1144), 12);
  });

  it('leaves out a day with a missing hour', () => {
    const trend = figures((lead) => (lead === 30 ? Number.NaN : rising(lead)), rising);
    expect([trend.day1.days, trend.day2.days, trend.day3.days]).toEqual([1, 0, 1]);
    expect(trend.day2.shapeCorrelation).toBeNaN();
    expect(trend.day2.peakHourExactPct).toBeNaN();
  });
});

describe('peak of the day', () => {
  it('is compared in hour and size', () => {
    const trend = figures(peakAt(18, 200), peakAt(19, 190)).all;
    expect(trend.days).toBe(3);
    expect(trend.peakHourExactPct).toBe(0);
    expect(trend.peakHourWithin1Pct).toBe(100);
    expect(trend.peakSizeErrorPct).toBeCloseTo(5, 9);
    expect(trend.peakSizeBiasPct).toBeCloseTo(-5, 9);
  });

  it('is the first hour of the maximum', () => {
    expect(figures(twoPeaks, peakAt(8, 210)).all.peakHourExactPct).toBe(100);
    expect(figures(twoPeaks, peakAt(18, 210)).all.peakHourWithin1Pct).toBe(0);
  });

  it('averages size errors of both signs apart from their bias', () => {
    const trend = figures(peakAt(18, 200), (lead) =>
      peakAt(18, lead < 24 ? 220 : lead < 48 ? 180 : 200)(lead),
    ).all;
    expect(trend.peakSizeErrorPct).toBeCloseTo(20 / 3, 9);
    expect(trend.peakSizeBiasPct).toBeCloseTo(0, 9);
    expect(trend.peakHourExactPct).toBe(100);
  });
});

describe('local days', () => {
  it('lie wholly inside the horizon, and count for the lead day they end in', () => {
    // Midnight before the 25-hour day: 25 + 24 hours are whole, of the third day 23 hours are there.
    const autumn = figures(rising, rising, 'Europe/Paris', Date.parse('2023-10-28T22:00:00Z'));
    expect([autumn.day1.days, autumn.day2.days, autumn.day3.days]).toEqual([0, 1, 1]);
    expect(autumn.all.days).toBe(2);
    // Midnight before the 23-hour day: three whole days and an hour.
    const spring = figures(rising, rising, 'Europe/Paris', Date.parse('2023-03-25T23:00:00Z'));
    expect([spring.day1.days, spring.day2.days, spring.day3.days]).toEqual([1, 1, 1]);
  });

  it('are two of three where a forecast is issued in the morning', () => {
    const desk = figures(rising, rising, 'UTC', utcMidnight + 9 * hourMs);
    expect([desk.day1.days, desk.day2.days, desk.day3.days]).toEqual([0, 1, 1]);
  });

  it('have their peak at the 25th hour where it is there', () => {
    const autumn = Date.parse('2023-10-28T22:00:00Z');
    const trend = figures(lateHour, (lead) => lateHour(lead + 1), 'Europe/Paris', autumn);
    expect(trend.day2.peakHourExactPct).toBe(0);
    expect(trend.day2.peakHourWithin1Pct).toBe(100);
  });

  it('are whole days of 24 grid hours in a zone half an hour off', () => {
    const midnight = Date.parse('2023-06-09T18:30:00Z');
    const trend = figures(rising, rising, 'Asia/Kolkata', midnight);
    expect([trend.day1.days, trend.day2.days, trend.day3.days]).toEqual([1, 1, 1]);
  });
});

describe('the naive side', () => {
  it('is the load of the week before', () => {
    // This week rises where the last one fell.
    const trend = figures((lead) => (lead < 0 ? 200 - rising(lead) : rising(lead)), rising);
    expect(trend.all.shapeCorrelation).toBeCloseTo(1, 12);
    expect(trend.naive.shapeCorrelation).toBeCloseTo(-1, 12);
    expect(trend.naive.days).toBe(3);
  });
});
