import { describe, expect, test } from 'vitest';
import {
  decimalsFor,
  formatCompact,
  formatDuration,
  formatNumber,
  formatPct,
  formatSigned,
} from '../../src/report/numbers.js';

const space = '\u00a0';

describe('figures', () => {
  test('what is not known is a dash, never NaN', () => {
    const formats = [formatPct, formatCompact, formatDuration].map((format) => format(Number.NaN));
    expect(formats).toEqual(['–', '–', '–']);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, null, undefined])
      expect(formatNumber(value, 2)).toBe('–');
  });

  test('thousands are grouped, minus is a minus, and nothing rounds to minus zero', () => {
    expect(formatNumber(17_520, 0)).toBe('17,520');
    expect(formatNumber(-12.44, 1)).toBe('−12.4');
    expect(formatNumber(-0.04, 1)).toBe('0.0');
    expect(formatSigned(12, 0)).toBe('+12');
    expect(formatSigned(0.2, 0)).toBe('0');
    expect(formatPct(2.415)).toBe(`2.42${space}%`);
  });

  test.each([
    [5432, 0],
    [543.2, 1],
    [54.32, 2],
    [5.432, 3],
    [0.054, 5],
    [0, 0],
    [Number.NaN, 0],
  ])('a load of %d MW is written with %d decimals', (sizeMw, decimals) => {
    expect(decimalsFor(sizeMw)).toBe(decimals);
  });

  test('small and large figures keep three digits', () => {
    expect(formatCompact(0.006)).toBe('0.00600');
    expect(formatCompact(31.4159)).toBe('31.4');
    expect(formatCompact(0.00012)).toBe('1.2e−4');
  });

  test('durations read as a clock would say them', () => {
    expect(formatDuration(2.4)).toBe(`2.4${space}s`);
    expect(formatDuration(70)).toBe(`1${space}min 10${space}s`);
    expect(formatDuration(3900)).toBe(`1${space}h 05${space}min`);
  });
});
