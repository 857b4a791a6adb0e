import { describe, expect, it } from 'vitest';
import type { CalendarDays, LoadEvent } from '../../src/core/calendar-entry.js';
import type { History } from '../../src/core/history.js';
import { hourMs } from '../../src/core/time.js';
import {
  eventEffect,
  eventsOf,
  maskedHours,
  undisturbedHistory,
} from '../../src/features/events.js';
import { readSpan } from '../../src/ingest/calendar/span-text.js';

const startMs = Date.parse('2024-07-01T00:00:00Z');

function event(from: string, to: string, changes: Partial<LoadEvent> = {}): LoadEvent {
  const span = readSpan(from, to, 'Europe/Paris');
  return { kind: 'curtailment', name: 'x', effectMw: -10, masked: false, ...span, ...changes };
}

describe('eventEffect', () => {
  it('is the effect in whole hours, its part in others, and nothing elsewhere', () => {
    const effectMw = eventEffect([event('2024-07-01T01:30Z', '2024-07-01T03:15Z')], startMs, 6);
    expect([...effectMw]).toEqual([0, -5, -10, -2.5, 0, 0]);
  });

  it('adds up where events overlap, and knows none of an unknown effect', () => {
    const events = [
      event('2024-07-01T00:00Z', '2024-07-01T03:00Z'),
      event('2024-07-01T02:00Z', '2024-07-01T05:00Z', { effectMw: 4 }),
      event('2024-07-01T00:00Z', '2024-07-01T05:00Z', { effectMw: null, masked: true }),
    ];
    expect([...eventEffect(events, startMs, 5)]).toEqual([-10, -10, -6, 4, 4]);
  });

  it('reaches in from before and out at the end', () => {
    const events = [event('2024-06-01', '2024-08-01')];
    expect([...eventEffect(events, startMs, 3)]).toEqual([-10, -10, -10]);
    expect([...eventEffect([event('2024-06-01', '2024-06-02')], startMs, 2)]).toEqual([0, 0]);
    expect([...eventEffect([event('2024-08-01', '2024-08-02')], startMs, 2)]).toEqual([0, 0]);
  });

  it.each([
    ['2024-03-31', 23],
    ['2024-10-27', 25],
  ])('of the local day %s lasts %i hours', (date, hours) => {
    const first = readSpan(date, '', 'Europe/Paris').startMs;
    const effectMw = eventEffect([event(date, '')], first - hourMs, 30);
    expect(effectMw.filter((mw) => mw === -10)).toHaveLength(hours);
    expect(effectMw[0]).toBe(0);
  });
});

it('maskedHours are all that a masked event touches', () => {
  const events = [
    event('2024-07-01T01:30Z', '2024-07-01T03:15Z', { masked: true }),
    event('2024-07-01T04:00Z', '2024-07-01T05:00Z'),
  ];
  expect([...maskedHours(events, startMs, 6)]).toEqual([0, 1, 1, 1, 0, 0]);
});

describe('undisturbedHistory', () => {
  const school: CalendarDays = {
    kind: 'school',
    name: 'x',
    region: null,
    share: 1,
    startMs,
    endMs: startMs + 24 * hourMs,
  };
  const history = (entries: readonly (CalendarDays | LoadEvent)[]): History => ({
    place: { zone: 'Europe/Paris', holidayRegion: 'FR', entries },
    load: { startMs, values: Float64Array.of(100, 90, Number.NaN, 70, 60) },
    temperature: { startMs, values: Float64Array.of(1, 2, 3, 4, 5) },
  });

  it('adds back what events took, leaves masked hours out and the events behind', () => {
    const disturbed = history([
      event('2024-07-01T01:00Z', '2024-07-01T03:30Z'),
      event('2024-07-01T04:00Z', '2024-07-01T05:00Z', { effectMw: -20, masked: true }),
      school,
    ]);
    const { load, place, temperature } = undisturbedHistory(disturbed);
    expect([...load.values]).toEqual([100, 100, Number.NaN, 75, Number.NaN]);
    expect(place.entries).toEqual([school]);
    expect(temperature).toBe(disturbed.temperature);
    expect([...disturbed.load.values]).toEqual([100, 90, Number.NaN, 70, 60]);
    expect(eventsOf(disturbed.place)).toHaveLength(2);
  });

  it('is the history itself where there is no event', () => {
    const plain = history([school]);
    expect(undisturbedHistory(plain)).toBe(plain);
  });
});
