import { describe, expect, it } from 'vitest';
import type { History } from '../../src/core/history.js';
import { createRandom } from '../../src/core/random.js';
import { hourMs } from '../../src/core/time.js';
import { faults, injectFault, type Fault } from '../../src/evaluate/faults.js';
import { present } from '../core/present.js';

const place = { zone: 'UTC', holidayRegion: null };
const history: History = {
  place,
  load: { startMs: 0, values: Float64Array.from({ length: 100 }, (_, i) => 100 + i) },
  temperature: { startMs: 0, values: Float64Array.from({ length: 172 }, (_, i) => i / 10) },
};
const endedAtMs = 90 * hourMs;

function faultNamed(name: string): Fault {
  return present(faults.find((fault) => fault.name === name));
}

/** Hours that a fault changed, with their new values. */
function effect(name: string, seed = 1) {
  const fault = faultNamed(name);
  const faulty = injectFault(history, fault, endedAtMs, createRandom(seed));
  const [before, after] = [history[fault.target].values, faulty.history[fault.target].values];
  const changed = Array.from(after.entries()).filter(([i, value]) => !Object.is(value, before[i]));
  return { ...faulty, changed };
}

describe('injectFault', () => {
  it('puts in every class of the protocol', () => {
    expect(faults.map((fault) => fault.name)).toEqual([
      'spike ±50 %',
      'spike ±100 %',
      '3 h missing',
      '12 h missing',
      '24 h missing',
      'stuck 12 h',
      '×10 for 6 h',
      'temperature +5 °C for 24 h',
      'temperature −5 °C for 24 h',
    ]);
  });

  it('ends the fault where it is told and leaves the original alone', () => {
    for (const fault of faults) {
      const copy = history[fault.target].values.slice();
      const { hours, changed } = effect(fault.name);
      expect(hours.at(-1)).toBe(endedAtMs - hourMs);
      expect(changed.every(([i]) => hours.includes(i * hourMs))).toBe(true);
      expect(history[fault.target].values).toEqual(copy);
    }
  });

  it('moves 1 to 3 hours by the same share, up or down', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const { changed, hours, meanChange } = effect('spike ±50 %', seed);
      const shares = new Set(changed.map(([i, value]) => value / (100 + i)));
      expect(shares.size).toBe(1);
      expect(hours.length).toBe(changed.length);
      seen.add(`${[...shares][0]} for ${changed.length}`);
      const mean = changed.reduce((sum, [i]) => sum + 0.5 * (100 + i), 0) / changed.length;
      expect(meanChange).toBeCloseTo(mean, 9);
    }
    expect([...seen].sort()).toEqual([
      '0.5 for 1',
      '0.5 for 2',
      '0.5 for 3',
      '1.5 for 1',
      '1.5 for 2',
      '1.5 for 3',
    ]);
  });

  it('doubles a load or takes it to zero', () => {
    const shares = new Set<number>();
    for (let seed = 0; seed < 20; seed++)
      for (const [i, value] of effect('spike ±100 %', seed).changed) shares.add(value / (100 + i));
    expect(shares).toEqual(new Set([0, 2]));
  });

  it('removes hours, without a change of input to speak of', () => {
    for (const hours of [3, 12, 24]) {
      const { changed, meanChange } = effect(`${hours} h missing`);
      expect(changed.length).toBe(hours);
      expect(changed.every(([, value]) => Number.isNaN(value))).toBe(true);
      expect(meanChange).toBeNull();
    }
  });

  it('holds the first of twelve hours', () => {
    const { changed, hours } = effect('stuck 12 h');
    expect(hours.length).toBe(12);
    expect(changed.length).toBe(11); // the first keeps its own value
    expect(new Set(changed.map(([, value]) => value))).toEqual(new Set([178]));
  });

  it('multiplies six hours by ten, and shifts the thermometer for a day', () => {
    expect(effect('×10 for 6 h').changed[0]).toEqual([84, 1840]);
    expect(effect('×10 for 6 h').changed.length).toBe(6);
    const warm = effect('temperature +5 °C for 24 h');
    expect(warm.changed.length).toBe(24);
    expect(warm.meanChange).toBeCloseTo(5, 9);
    expect(warm.changed[0]?.[1]).toBeCloseTo(6.6 + 5, 9);
    expect(effect('temperature −5 °C for 24 h').changed[0]?.[1]).toBeCloseTo(6.6 - 5, 9);
  });

  it('is the same for the same seed', () => {
    expect(effect('spike ±50 %', 7)).toEqual(effect('spike ±50 %', 7));
  });
});
