import { describe, expect, it } from 'vitest';
import { decimalSignOf, isMissing, parseNumber } from '../../src/ingest/number-text.js';

describe('the decimal sign of a column', () => {
  it.each([
    [['1.5', '2'], ',', '.'],
    [['1,5', '2'], ';', ','],
    [['1,5'], ',', ','],
    [['1,234.5'], ';', '.'],
    [['1.234,5'], ';', ','],
    [['1,234,567'], ';', '.'],
    [['1.234.567'], ';', ','],
    [['3914,647', '3672,550'], ';', ','],
    [['3914,647', '3672,550'], ',', '.'],
    [['0,123'], ',', ','],
    [['12'], ';', '.'],
  ])('of %j between %j is %j', (texts, delimiter, sign) => {
    expect(decimalSignOf(texts, delimiter)).toBe(sign);
  });
});

describe('a number', () => {
  it.each([
    ['12.5', '.', 12.5],
    ['-0.5', '.', -0.5],
    ['+7', '.', 7],
    ['.5', '.', 0.5],
    ['1e3', '.', 1000],
    ['1,234.5', '.', 1234.5],
    ['1 234.5', '.', 1234.5],
    ["1'234.5", '.', 1234.5],
    ['12,5', ',', 12.5],
    ['1.234,5', ',', 1234.5],
    ['1\u202f234,5', ',', 1234.5],
  ] as const)('%s with the sign %s is %d', (text, sign, value) => {
    expect(parseNumber(text, sign)).toBe(value);
  });

  it.each(['', 'x', '1.2.3', '12 MW', '0x10', 'Infinity', '--1', '1,2,3', '1e9999'])(
    '%j is none',
    (text) => {
      expect(parseNumber(text, '.')).toBeNaN();
    },
  );
});

it('empty cells and the usual marks are missing values, zero is not', () => {
  expect(['', '-', 'NA', 'n/a', 'NaN', 'null'].every(isMissing)).toBe(true);
  expect(['0', '-1', 'nano'].some(isMissing)).toBe(false);
});
