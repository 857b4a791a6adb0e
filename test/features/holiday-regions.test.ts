import { describe, expect, it } from 'vitest';
import {
  isWithin,
  parseHolidayRegions,
  weightedShare,
} from '../../src/features/holiday-regions.js';

describe('parseHolidayRegions', () => {
  it('gives one region all of the load', () => {
    expect(parseHolidayRegions('AU-vic')).toEqual([{ region: 'AU-VIC', share: 1 }]);
    expect(parseHolidayRegions('AU-VIC:0.3')).toEqual([{ region: 'AU-VIC', share: 1 }]);
    expect(parseHolidayRegions(null)).toEqual([{ region: null, share: 1 }]);
  });

  it('divides weights of any unit by their sum, and counts regions alike without any', () => {
    expect(parseHolidayRegions('DE-BY:1, DE-NW:3')).toEqual([
      { region: 'DE-BY', share: 0.25 },
      { region: 'DE-NW', share: 0.75 },
    ]);
    expect(parseHolidayRegions('BE,NL').map(({ share }) => share)).toEqual([0.5, 0.5]);
  });

  it.each([
    ['DE-BY:0.2,DE-NW', '1 of 2 regions have a weight'],
    ['DE-BY:x,DE-NW:1', '"x" of DE-BY is no number above 0'],
    ['DE-BY:-1,DE-NW:1', '"-1" of DE-BY'],
    ['DE-BY:,DE-NW:1', '"" of DE-BY'],
    ['DE-BY:1:2', '"1:2" of DE-BY'],
    ['DE-BY:1,de-by:2', 'DE-BY is there twice'],
  ])('refuses %s', (text, message) => {
    expect(() => parseHolidayRegions(text)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        message: expect.stringContaining(message),
      }),
    );
  });
});

it('a part belongs to the country above it, and everything to the whole', () => {
  expect(isWithin('DE-BY', 'de')).toBe(true);
  expect(isWithin('DE-BY', 'DE-BY')).toBe(true);
  expect(isWithin('DE-BY-A', 'DE-B')).toBe(false);
  expect(isWithin('DE', 'DE-BY')).toBe(false);
  expect(isWithin(null, null)).toBe(true);
  expect(isWithin(null, 'DE')).toBe(false);
});

it('the share of all regions is exactly one', () => {
  const regions = parseHolidayRegions('DE-BY:0.1,DE-NW:0.2,DE-BE:0.7,DE-HH:0.3');
  expect(weightedShare(regions, [1, 1, 1, 1])).toBe(1);
  expect(weightedShare(regions, [0, 1, 0, 0])).toBeCloseTo(0.2 / 1.3, 12);
});
