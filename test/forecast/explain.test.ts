import { describe, expect, it } from 'vitest';
import type { History } from '../../src/core/history.js';
import { dayMs, hourMs } from '../../src/core/time.js';
import type { Bundle } from '../../src/forecast/bundle.js';
import { explainChange } from '../../src/forecast/explain-change.js';
import { explainForecast, inputGroups, type Explanation } from '../../src/forecast/explain.js';
import { issueForecast, issueParts, type IssueOptions } from '../../src/forecast/issue-forecast.js';
import { knownHistory } from '../../src/forecast/known-history.js';
import { actualWeather } from '../../src/forecast/weather.js';
import { present } from '../core/present.js';
import { sampleHistory } from './sample-history.js';
import { bundleOf, fittedMember } from './sample-members.js';

const days = 110;
const everything = sampleHistory(
  days,
  { zone: 'Europe/Paris', holidayRegion: 'FR' },
  Date.parse('2022-12-31T23:00:00Z'),
);
// Easter Sunday, 9 April
const issuedAtMs = Date.parse('2023-04-08T22:00:00Z');

function optionsAt(
  atMs: number,
  bundle: Bundle | null,
  change: (history: History) => void = () => undefined,
): IssueOptions {
  const history = {
    ...everything,
    load: { ...everything.load, values: everything.load.values.slice() },
    temperature: { ...everything.temperature, values: everything.temperature.values.slice() },
  };
  change(history);
  return {
    seriesId: 'sample',
    kind: 'issued',
    history: knownHistory(history, atMs, 0, actualWeather(history.temperature)(atMs)),
    issuedAtMs: atMs,
    createdAtMs: 5,
    temperatureSource: 'actual',
    reportingDelayHours: 0,
    bundle,
  };
}

/** Members that read one group each: 2 MW a degree, the load of the day before, weekends and holidays 10 and 20 less. */
const warmth = fittedMember(
  'warmth',
  (lead, { temperatureC, originIndex }) => 100 - 2 * temperatureC[originIndex + lead]!,
);
const yesterday = fittedMember(
  'yesterday',
  (lead, { loadMw, originIndex }) => loadMw[originIndex - 24 + (lead % 24)]!,
);
const calendar = fittedMember('calendar', (lead, table) => {
  const row = table.originIndex + lead;
  const weekend = table.calendar.workWeekday[row]! >= 5 ? -10 : 0;
  return 100 + weekend - 20 * table.calendar.holiday[row]!;
});
const broken = fittedMember('broken', (_, { temperatureC, originIndex }) =>
  temperatureC[originIndex] === optionsTemperature ? 100 : Number.NaN,
);
const optionsTemperature =
  everything.temperature.values[(issuedAtMs - everything.temperature.startMs) / hourMs];

function sumAt({ typicalMw, partsMw }: Explanation, lead: number): number {
  return inputGroups.reduce((sum, group) => sum + partsMw[group][lead]!, typicalMw[lead]!);
}

function explained(bundle: Bundle, change?: (history: History) => void): Explanation {
  return present(explainForecast(issueParts(optionsAt(issuedAtMs, bundle, change))) ?? undefined);
}

function warmer(history: History): void {
  const from = (issuedAtMs - history.temperature.startMs) / hourMs;
  for (let i = from; i < history.temperature.values.length; i++)
    history.temperature.values[i]! += 7;
}

function raised(history: History): void {
  const at = (issuedAtMs - history.load.startMs) / hourMs;
  for (let i = at - 24; i < at; i++) history.load.values[i]! += 9;
}

describe('explainForecast', () => {
  it('sums to the forecast at every hour', () => {
    const options = optionsAt(issuedAtMs, bundleOf([warmth, yesterday, calendar]));
    const all = present(explainForecast(issueParts(options)) ?? undefined);
    const forecast = issueForecast(options);
    expect(all.leftOut).toEqual([]);
    for (const [lead, { pointMw }] of forecast.values.entries()) {
      expect(all.blendMw[lead]).toBeCloseTo(pointMw, 9);
      expect(sumAt(all, lead)).toBeCloseTo(pointMw, 9);
    }
  });

  it('lays an effect at the door of the input that has it', () => {
    const [ofWarmth, ofYesterday, ofCalendar] = [warmth, yesterday, calendar].map((member) =>
      explained(bundleOf([member])),
    );
    for (const lead of [3, 30, 60]) {
      for (const group of ['calendar', 'recentLoad', 'holiday'] as const)
        expect(ofWarmth!.partsMw[group][lead]).toBeCloseTo(0, 9);
      for (const group of ['calendar', 'temperature', 'holiday'] as const)
        expect(ofYesterday!.partsMw[group][lead]).toBeCloseTo(0, 9);
    }
    // Sunday, then Easter Monday, then an ordinary Tuesday
    expect([12, 36, 60].map((lead) => ofCalendar!.partsMw.calendar[lead]!)).toEqual([
      expect.closeTo(-10, 9),
      expect.closeTo(0, 9),
      expect.closeTo(0, 9),
    ]);
    expect([12, 36, 60].map((lead) => ofCalendar!.partsMw.holiday[lead]!)).toEqual([
      expect.closeTo(0, 9),
      expect.closeTo(-20, 9),
      expect.closeTo(0, 9),
    ]);
    expect(ofCalendar!.typicalMw[60]).toBeCloseTo(100, 9);
  });

  it('counts from the usual temperature of the season and from ten usual weeks', () => {
    const [usual, warm] = [undefined, warmer].map((change) =>
      explained(bundleOf([warmth]), change),
    );
    expect(warm!.typicalMw).toEqual(usual!.typicalMw);
    expect(warm!.partsMw.temperature[20]! - usual!.partsMw.temperature[20]!).toBeCloseTo(-14, 9);
    const [before, more] = [undefined, raised].map((change) =>
      explained(bundleOf([yesterday]), change),
    );
    // of 9 MW a tenth is the mean of ten weeks
    const added = more!.partsMw.recentLoad[5]! - before!.partsMw.recentLoad[5]!;
    expect(added).toBeCloseTo(8.1, 6);
  });

  it('goes on without a member that fails in one of the cases, and says so', () => {
    const sound = explained(bundleOf([calendar, broken]));
    expect(sound.leftOut).toEqual(['broken']);
    for (const lead of [0, 40, 71]) expect(sumAt(sound, lead)).toBeCloseTo(sound.blendMw[lead]!, 9);
  });

  it('has nothing to say without models', () => {
    expect(explainForecast(issueParts(optionsAt(issuedAtMs, null)))).toBeNull();
  });
});

describe('explainChange', () => {
  const laterMs = issuedAtMs + dayMs;

  it('splits what is new over weather, load and models, exactly', () => {
    // a forecast of the weather that was 7 °C too warm
    const earlier = optionsAt(issuedAtMs, bundleOf([warmth, yesterday]), warmer);
    const later = optionsAt(laterMs, bundleOf([warmth, yesterday, calendar]));
    const change = present(explainChange(issueParts(earlier), issueParts(later)) ?? undefined);
    expect(change.startMs).toBe(laterMs);
    expect(change.earlierMw).toHaveLength(48);
    const [first, second] = [earlier, later].map((options) => issueForecast(options).values);
    for (let hour = 0; hour < 48; hour++) {
      expect(change.earlierMw[hour]).toBeCloseTo(first![24 + hour]!.pointMw, 9);
      expect(change.laterMw[hour]).toBeCloseTo(second![hour]!.pointMw, 9);
      const { weather, load, models } = change.partsMw;
      expect(weather[hour]! + load[hour]! + models[hour]!).toBeCloseTo(
        change.laterMw[hour]! - change.earlierMw[hour]!,
        9,
      );
    }
  });

  it('says weather alone where only the weather is new', () => {
    const bundle = bundleOf([warmth]);
    const change = present(
      explainChange(
        issueParts(optionsAt(issuedAtMs, bundle, warmer)),
        issueParts(optionsAt(laterMs, bundle)),
      ) ?? undefined,
    );
    expect(change.partsMw.weather[10]).toBeCloseTo(14, 9);
    expect(change.partsMw.load[10]).toBeCloseTo(0, 9);
    expect(change.partsMw.models[10]).toBeCloseTo(0, 9);
  });

  it('has nothing to say of forecasts that share no hour', () => {
    const bundle = bundleOf([warmth]);
    const [first, second] = [issuedAtMs, issuedAtMs + 3 * dayMs].map((atMs) =>
      issueParts(optionsAt(atMs, bundle)),
    );
    expect(explainChange(first!, second!)).toBeNull();
    expect(explainChange(second!, first!)).toBeNull();
  });
});
