import { describe, expect, test } from 'vitest';
import {
  calendarDate,
  decimal,
  horizon,
  listOf,
  lstmJson,
  timeOfDay,
  wholeNumber,
  zone,
} from '../../src/cli/options.js';

describe('option values', () => {
  test('are returned where they are right', () => {
    expect(wholeNumber(1, 10)('10')).toBe(10);
    expect(decimal(0, 48)('0.5')).toBe(0.5);
    expect(calendarDate('2024-02-29')).toBe('2024-02-29');
    expect(timeOfDay('09:00')).toBe('09:00');
    expect(zone('Europe/Paris')).toBe('Europe/Paris');
    expect(listOf(timeOfDay)('00:00, 09:00')).toEqual(['00:00', '09:00']);
    expect(lstmJson('{"units":64}')).toEqual({ units: 64 });
  });

  test.each([
    [wholeNumber(1, 10), '11', /from 1 to 10/],
    [wholeNumber(1, 10), '0x2', /from 1 to 10/],
    [wholeNumber(1, 10), '1.5', /whole number/],
    [decimal(0, 48), '', /from 0 to 48/],
    [decimal(0, 48), 'NaN', /from 0 to 48/],
    [calendarDate, '2023-02-29', /"2023-02-29" is not a date/],
    [calendarDate, '01/02/2023', /YYYY-MM-DD/],
    [timeOfDay, '9:00', /HH:MM/],
    [timeOfDay, '24:00', /between 00:00 and 23:59/],
    [zone, 'Europe/Pariss', /not an IANA time zone/],
    [listOf(timeOfDay), '00:00,,09:00', /comma/],
    [horizon, '100', /Write 72, 96, 120, 144 or 168/],
    [horizon, '192', /or 168/],
    [horizon, '', /Write 72/],
    [lstmJson, 'units=64', /Write JSON, such as/],
    [lstmJson, '{"unit":64}', /unknown key "unit", did you mean "units"\?/],
    [lstmJson, '64', /expected object/],
  ])('%o refuses "%s"', (parse, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
