import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseNumber } from '../../src/ingest/number-text.js';
import { createStampReader } from '../../src/ingest/quick-stamp.js';
import { parseStamp } from '../../src/ingest/stamp-text.js';

const digits = fc.constantFrom(
  '00',
  '01',
  '02',
  '09',
  '12',
  '23',
  '24',
  '29',
  '30',
  '31',
  '59',
  '60',
  '9',
  'x1',
);
const stamp = fc
  .tuple(
    fc.constantFrom('2024', '2023', '1979', '2100', '20a4'),
    digits,
    digits,
    fc.constantFrom('T', ' ', 't', '  ', ''),
    digits,
    digits,
    fc.option(digits),
    fc.constantFrom('', 'Z', 'z', '+01:00', '.5', ' UTC', ' PM', ' - 2025-01-01'),
  )
  .map(
    ([year, month, day, sign, hour, minute, second, end]) =>
      `${year}-${month}-${day}${sign}${hour}:${minute}${second === null ? '' : `:${second}`}${end}`,
  );

it('stamps are read as by the patterns, whatever came before them', () => {
  fc.assert(
    fc.property(fc.array(stamp, { maxLength: 40 }), (texts) => {
      const read = createStampReader('dmy');
      // Each again, so that its day has been seen.
      const twice = texts.flatMap((text) => [text, text]);
      expect(twice.map((text) => read(text))).toEqual(twice.map((text) => parseStamp(text, 'dmy')));
    }),
    { numRuns: 500 },
  );
});

it('numbers are the nearest doubles', () => {
  const number = fc
    .tuple(fc.maxSafeNat(), fc.nat(16), fc.constantFrom('', '-'))
    .map(([whole, decimals, sign]) => {
      const text = String(whole);
      const point = Math.max(0, text.length - decimals);
      return `${sign}${text.slice(0, point)}.${text.slice(point)}`;
    });
  fc.assert(
    fc.property(number, (text) => {
      expect(parseNumber(text, '.')).toBe(Number(text));
    }),
    { numRuns: 2_000 },
  );
});
