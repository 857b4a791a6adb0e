import { describe, expect, it } from 'vitest';
import { scanStamps, type StampOptions, type StampScan } from '../../src/ingest/stamps.js';

interface ReadStamps {
  readonly instantMs: number[];
  readonly reasons: (string | null)[];
  readonly mark: 'start' | 'end';
}

function readStamps(
  source: string,
  texts: readonly string[],
  options: StampOptions = {},
): ReadStamps {
  const scanIn = (order: 'dmy' | 'mdy'): StampScan => {
    const scan = scanStamps(source, options, order);
    for (const text of texts) scan.add(text);
    return scan;
  };
  const stamps = scanIn(scanIn('dmy').dateOrder()).end();
  return {
    instantMs: texts.map((_, row) => stamps.instantAt(row)),
    reasons: texts.map((_, row) => stamps.reasonAt(row)),
    mark: stamps.mark,
  };
}

/** UTC minutes, or the reason of the rejection. */
function read(texts: readonly string[], options: StampOptions = {}): (string | null)[] {
  const { instantMs, reasons } = readStamps('load.csv', texts, options);
  return texts.map((_, i) => {
    const instant = instantMs[i] ?? Number.NaN;
    return Number.isNaN(instant)
      ? (reasons[i] ?? null)
      : `${new Date(instant).toISOString().slice(0, 16)}Z`;
  });
}

describe('a stamp with an offset', () => {
  it.each([
    ['2024-01-01T12:00:00Z', '2024-01-01T12:00Z'],
    ['2024-01-01T12:00Z', '2024-01-01T12:00Z'],
    ['2024-01-01 12:00:00+00:00', '2024-01-01T12:00Z'],
    ['2024-01-01T12:00:00.000+05:30', '2024-01-01T06:30Z'],
    ['2024-01-01T12:00-0800', '2024-01-01T20:00Z'],
    ['2024-01-01 12:00 UTC', '2024-01-01T12:00Z'],
    ['1704110400', '2024-01-01T12:00Z'],
    ['1704110400000', '2024-01-01T12:00Z'],
    ['1704110400.0', '2024-01-01T12:00Z'],
    ['20240101T1200Z', '2024-01-01T12:00Z'],
  ])('%s is %s, whatever the zone', (text, instant) => {
    expect(read([text])).toEqual([instant]);
    expect(read([text], { zone: 'Asia/Tokyo' })).toEqual([instant]);
  });
});

describe('a stamp of the wall clock', () => {
  it.each([
    ['2024-01-15 12:00', '2024-01-15T11:00Z'],
    ['2024-07-15T12:00:00', '2024-07-15T10:00Z'],
    ['2024/01/15 12:00', '2024-01-15T11:00Z'],
    ['15.01.2024 12:00', '2024-01-15T11:00Z'],
    ['15.1.24 12:00', '2024-01-15T11:00Z'],
    ['15/01/2024 12:00', '2024-01-15T11:00Z'],
    ['15-01-2024 12:00:00', '2024-01-15T11:00Z'],
    ['01/15/2024 12:00 PM', '2024-01-15T11:00Z'],
    ['01/15/2024 12:00 AM', '2024-01-14T23:00Z'],
    ['202401151200', '2024-01-15T11:00Z'],
    ['2024-01-15 12', '2024-01-15T11:00Z'],
    ['15.01.2024 12:00 - 15.01.2024 13:00', '2024-01-15T11:00Z'],
  ])('%s is %s in Berlin', (text, instant) => {
    expect(read([text], { zone: 'Europe/Berlin' })).toEqual([instant]);
  });

  it('24:00 is the midnight that ends the day, and the file is taken to mark ends', () => {
    const texts = ['31.12.2023 23:00', '31.12.2023 24:00'];
    expect(read(texts, { zone: 'UTC' })).toEqual(['2023-12-31T23:00Z', '2024-01-01T00:00Z']);
    expect(readStamps('f', texts, { zone: 'UTC' }).mark).toBe('end');
    expect(readStamps('f', texts.slice(0, 1), { zone: 'UTC' }).mark).toBe('start');
    expect(readStamps('f', texts, { zone: 'UTC', stamps: 'start' }).mark).toBe('start');
  });

  it.each([
    '2024-02-30 00:00',
    '2023-02-29 00:00',
    '2024-13-01 00:00',
    '2024-01-01 25:00',
    '2024-01-01 24:01',
    '2024-01-01 12:60',
    '0024-01-01 00:00',
    '13:00 PM',
    '01/15/2024 13:00 PM',
    'yesterday',
    '',
  ])('%j that no clock shows is rejected', (text) => {
    expect(read([text, '31/01/2024'], { zone: 'UTC', dateOrder: 'mdy' })[0]).toBe(
      `cannot read the time "${text}"`,
    );
  });

  it('without a zone is rejected', () => {
    expect(read(['2024-01-01 00:00'])).toEqual(['"2024-01-01 00:00" has no zone; say --zone']);
  });

  it('in an unknown zone is an error', () => {
    expect(() => read(['2024-01-01 00:00'], { zone: 'Mars/Base' })).toThrow('"Mars/Base"');
  });
});

describe('the order of day and month', () => {
  it('is found from a day above 12 anywhere in the file', () => {
    expect(read(['01/02/2024', '13/02/2024'], { zone: 'UTC' })[0]).toBe('2024-02-01T00:00Z');
    expect(read(['01/02/2024', '02/13/2024'], { zone: 'UTC' })[0]).toBe('2024-01-02T00:00Z');
  });

  it('is asked for where no date tells, and taken from the answer', () => {
    expect(() => read(['01/02/2024 00:00'], { zone: 'UTC' })).toThrow('--date-order dmy or mdy');
    expect(read(['01/02/2024'], { zone: 'UTC', dateOrder: 'mdy' })[0]).toBe('2024-01-02T00:00Z');
  });

  it('that changes within the file is refused, naming both', () => {
    expect(() => read(['13/02/2024', '02/13/2024'], { zone: 'UTC' })).toThrow(
      /"13\/02\/2024".*"02\/13\/2024"/,
    );
  });
});

describe('on the days when clocks change', () => {
  const zone = 'Europe/Berlin';
  const autumn = ['01:30', '02:00', '02:30', '02:00', '02:30', '03:00'].map(
    (at) => `2024-10-27 ${at}`,
  );
  const autumnUtc = ['26T23:30', '27T00:00', '27T00:30', '27T01:00', '27T01:30', '27T02:00'].map(
    (at) => `2024-10-${at}Z`,
  );

  it('the doubled hour is told apart by its order', () => {
    expect(read(autumn, { zone })).toEqual(autumnUtc);
  });

  it('the doubled hour is told apart in a file that runs backwards too', () => {
    expect(read(autumn.toReversed(), { zone })).toEqual(autumnUtc.toReversed());
  });

  it('an hour that is not doubled in the file is the earlier one', () => {
    expect(read(['2024-10-27 02:00', '2024-10-27 03:00'], { zone })).toEqual([
      '2024-10-27T00:00Z',
      '2024-10-27T02:00Z',
    ]);
  });

  it('a skipped time is rejected', () => {
    const texts = ['2024-03-31 01:30', '2024-03-31 02:00', '2024-03-31 02:30', '2024-03-31 03:00'];
    expect(read(texts, { zone })).toEqual([
      '2024-03-31T00:30Z',
      'the clocks of Europe/Berlin skip 2024-03-31 02:00',
      'the clocks of Europe/Berlin skip 2024-03-31 02:30',
      '2024-03-31T01:00Z',
    ]);
  });

  it('the first skipped time may end the hour before it', () => {
    const texts = ['2024-03-31 02:00', '2024-03-31 02:30', '2024-03-31 03:00'];
    expect(read(texts, { zone, stamps: 'end' })).toEqual([
      '2024-03-31T01:00Z',
      'the clocks of Europe/Berlin skip 2024-03-31 02:30',
      '2024-03-31T01:00Z',
    ]);
  });

  it.each([
    'America/New_York',
    'Australia/Melbourne',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'America/St_Johns',
  ])('every quarter of an hour of a year in %s is found again from its wall clock', (place) => {
    const instants = Array.from({ length: 366 * 96 }, (_, i) => Date.UTC(2024, 0, 1) + i * 900_000);
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: place,
      dateStyle: 'short',
      timeStyle: 'short',
    });
    const { instantMs } = readStamps(
      'f',
      instants.map((instant) => format.format(instant)),
      {
        zone: place,
      },
    );
    expect(Array.from(instantMs)).toEqual(instants);
  });
});
