import { describe, expect, it } from 'vitest';
import { localInstants } from '../../src/core/time.js';
import { anomalySensitivity, spreadOrigins } from '../../src/evaluate/anomaly.js';
import { actualWeather } from '../../src/forecast/weather.js';
import { present } from '../core/present.js';
import { victoriaHistory } from '../forecast/sample-history.js';
import { bundleOf, fittedNaive } from '../forecast/sample-members.js';

const everything = victoriaHistory();
const days = ['2014-04-10', '2014-07-23', '2014-11-19'];
const options = {
  everything,
  bundle: bundleOf([await fittedNaive()]),
  origins: days.flatMap((day) => localInstants('Australia/Melbourne', day, day)),
  loadDelayHours: 0,
  weather: actualWeather(everything.temperature),
  seed: 1,
};
const result = anomalySensitivity(options);

function response(fault: string, ended: number) {
  return present(
    result.faults.find((one) => one.fault === fault && one.endedHoursBefore === ended),
  );
}

describe('anomalySensitivity of naive on the project’s own data', () => {
  it('gives a whole, finite forecast under every fault', () => {
    expect(result.passed).toBe(true);
    expect(result.days).toBe(3);
    expect(result.faults.length).toBe(18);
    for (const one of result.faults) {
      expect(one.forecasts).toBe(3);
      expect(one.nonFinite).toBe(0);
      expect(Number.isFinite(one.errorRatio)).toBe(true);
    }
  });

  it('finds the faults and marks nothing genuine', () => {
    expect(result.detectionRecallPct).toBeGreaterThan(85);
    expect(result.detectionRecallPct).toBeLessThanOrEqual(100);
    expect(result.falseAlarmsPerDay).toBe(0);
  });

  it('is degraded where loads are missing, and never falls back', () => {
    for (const hours of [3, 12, 24])
      for (const ended of [0, 24]) {
        expect(response(`${hours} h missing`, ended).degradedPct).toBe(100);
        expect(response(`${hours} h missing`, ended).fallbackPct).toBe(0);
      }
  });

  it('has a gain where the input changed, and none where it was removed', () => {
    expect(response('3 h missing', 0).gain).toBeNull();
    expect(response('×10 for 6 h', 0).gain).toBeGreaterThanOrEqual(0);
    expect(response('×10 for 6 h', 0).gain).toBeLessThan(0.05); // naive reads last week
  });

  it('shows an error ratio of 1 for a fault that the model cannot see', () => {
    // Naive reads neither temperature nor anything of the last four days.
    for (const one of result.faults) expect(one.errorRatio).toBeCloseTo(1, 9);
    expect(response('temperature +5 °C for 24 h', 0).gain).toBe(0);
    expect(response('temperature +5 °C for 24 h', 0).degradedPct).toBe(0);
  });

  it('gives the same figures again', () => {
    const one = { ...options, origins: options.origins.slice(0, 1) };
    expect(anomalySensitivity(one)).toEqual(anomalySensitivity(one));
  });

  it('ends its faults in the last load that had arrived', () => {
    const late = anomalySensitivity({
      ...options,
      origins: options.origins.slice(0, 1),
      loadDelayHours: 3,
    });
    // A fault that reached beyond it would change hours that are not there, and have no gain.
    for (const one of late.faults) expect(one.gain === null).toBe(one.fault.endsWith('missing'));
    expect(late.falseAlarmsPerDay).toBe(0);
  });

  it('stops when it is told to', () => {
    const stopped = anomalySensitivity({ ...options, shouldStop: () => true });
    expect(stopped.faults).toEqual([]);
    expect(stopped.passed).toBe(false);
  });
});

describe('spreadOrigins', () => {
  it('takes evenly spread ones, all where there are few', () => {
    expect(spreadOrigins([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 5)).toEqual([0, 2, 4, 6, 8]);
    expect(spreadOrigins([0, 1, 2], 2)).toEqual([0, 1]);
    expect(spreadOrigins([3, 4], 20)).toEqual([3, 4]);
  });
});
