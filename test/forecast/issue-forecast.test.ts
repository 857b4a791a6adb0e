import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoadEvent } from '../../src/core/calendar-entry.js';
import { quantileLevels, type Forecast } from '../../src/core/forecast.js';
import type { History } from '../../src/core/history.js';
import { sliceHours, valueAt } from '../../src/core/hourly.js';
import { dayMs, hourMs, localInstants, sameClockEarlier } from '../../src/core/time.js';
import { accuracyByLead, memberColumn } from '../../src/evaluate/accuracy-by-lead.js';
import { toPastForecast } from '../../src/evaluate/backtest.js';
import type { Bundle } from '../../src/forecast/bundle.js';
import { issueForecast, type IssueOptions } from '../../src/forecast/issue-forecast.js';
import { knownHistory } from '../../src/forecast/known-history.js';
import { actualWeather } from '../../src/forecast/weather.js';
import { present } from '../core/present.js';
import { hours } from '../ensemble/scored-forecasts.js';
import { changed, sampleHistory } from './sample-history.js';
import { bundleOf, fittedMember, fittedNaive } from './sample-members.js';

const everything = sampleHistory(60);
const startMs = everything.load.startMs;
const issuedAtMs = startMs + 50 * dayMs;
const naive = await fittedNaive();
const a = fittedMember('a', () => 101);
const b = fittedMember('b', () => 99);
const broken = fittedMember('broken', () => Number.NaN);

function known(history: History = everything, atMs = issuedAtMs): History {
  return knownHistory(history, atMs, 0, actualWeather(history.temperature)(atMs));
}

function issue(bundle: Bundle | null, changes: Partial<IssueOptions> = {}): Forecast {
  return issueForecast({
    seriesId: 'sample',
    kind: 'issued',
    history: known(),
    issuedAtMs,
    createdAtMs: 5,
    temperatureSource: 'actual',
    reportingDelayHours: 0,
    bundle,
    ...changes,
  });
}

/** What must hold of every forecast; an empty list where all does. */
function faultsOf(forecast: Forecast): string[] {
  const faults: string[] = [];
  if (forecast.values.length !== 72) faults.push(`${forecast.values.length} values`);
  for (const [lead, value] of forecast.values.entries()) {
    if (value.leadHours !== lead) faults.push(`lead ${lead}: ${value.leadHours}`);
    if (value.startMs !== forecast.issuedAtMs + lead * hourMs) faults.push(`start of ${lead}`);
    if (!Number.isFinite(value.pointMw)) faults.push(`point of ${lead}`);
    if (value.quantilesMw.length !== quantileLevels.length) faults.push(`quantiles of ${lead}`);
    if (!value.quantilesMw.every(Number.isFinite)) faults.push(`finite quantiles of ${lead}`);
    if (value.quantilesMw.some((q, i) => q < (value.quantilesMw[i - 1] ?? q)))
      faults.push(`order of the quantiles of ${lead}`);
    const weights = Object.values(value.memberWeight);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (weights.some((weight) => !(weight >= 0))) faults.push(`a weight of ${lead}`);
    if (value.quality !== 'fallback' && Math.abs(total - 1) > 1e-9) faults.push(`sum at ${lead}`);
  }
  if ((forecast.quality === 'full') !== (forecast.reason === null))
    faults.push(`${forecast.quality} because ${forecast.reason}`);
  return faults;
}

function rungs(forecast: Forecast): string {
  return /ladder: (.*)\.$/.exec(forecast.reason ?? '')?.[1] ?? '';
}

describe('issueForecast with several weather forecasts', () => {
  const warmer = fittedMember('warmer', (lead, { temperatureC, originIndex }) => {
    const celsius = present(temperatureC[originIndex + lead]);
    return 100 - 0.8 * (celsius - 12);
  });
  const horizon = sliceHours(everything.temperature, issuedAtMs, issuedAtMs + 3 * dayMs).values;
  const apart = (degrees: number): Float64Array[] =>
    [-1, 0, 1].map((sign) => horizon.map((celsius) => celsius + sign * degrees));

  it('says how far they take the blend apart', () => {
    const [none, zero, one = 0, two = 0] = [[], apart(0), apart(1), apart(2)].map(
      (scenarios) => issue(bundleOf([warmer]), { scenarios }).weatherSpread?.[0],
    );
    expect(none).toBeUndefined();
    expect(zero).toBeCloseTo(0, 12);
    // 0.8 MW of about 100 a degree, of three courses: √(2/3)
    expect(one).toBeCloseTo(0.008 * Math.sqrt(2 / 3), 3);
    expect(two / one).toBeCloseTo(2, 1);
  });

  it('has a wider band where they are farther apart than usual, and the same point', () => {
    const past = Array.from({ length: 30 }, (_, day) => ({
      ...toPastForecast(issue(bundleOf([warmer]), { scenarios: apart(0.5) })),
      issuedAtMs: issuedAtMs - (34 - day) * dayMs,
    }));
    const bandOf = (degrees: number): number => {
      const forecast = issue(bundleOf([warmer], past), { scenarios: apart(degrees) });
      expect(faultsOf(forecast)).toEqual([]);
      expect(forecast.values[5]?.pointMw).toBe(issue(bundleOf([warmer], past)).values[5]?.pointMw);
      const { quantilesMw } = present(forecast.values[5]);
      return present(quantilesMw[5]) - present(quantilesMw[1]);
    };
    expect(bandOf(3) / bandOf(0.5)).toBeGreaterThan(1.5);
    expect(bandOf(0.1) / bandOf(0.5)).toBeLessThan(0.95);
  });
});

describe('issueForecast with known events', () => {
  const event: LoadEvent = {
    kind: 'outage',
    name: 'Line 3',
    effectMw: -12,
    masked: false,
    startMs: issuedAtMs + 10 * hourMs,
    endMs: issuedAtMs + 12.5 * hourMs,
  };
  const more = { ...event, effectMw: 2, startMs: event.startMs + hourMs };

  it('adds their effect to point and quantiles after the blend, and shows it', () => {
    const plain = issue(bundleOf([naive, a, b]));
    const shifted = issue(bundleOf([naive, a, b]), { events: [event, more] });
    const effectMw = shifted.values.map((value) => value.eventMw ?? 0);
    expect(effectMw.slice(9, 14)).toEqual([0, -12, -10, -5, 0]);
    for (const [lead, value] of shifted.values.entries()) {
      const before = present(plain.values[lead]);
      const { eventMw, ...rest } = value;
      expect(rest).toEqual({
        ...before,
        pointMw: before.pointMw + (eventMw ?? 0),
        quantilesMw: before.quantilesMw.map((q) => q + (eventMw ?? 0)),
      });
    }
    expect(shifted.values.filter((value) => 'eventMw' in value)).toHaveLength(3);
    expect(shifted.quality).toBe('full');
  });

  it('is the same forecast where no event touches the horizon', () => {
    const past = { ...event, startMs: issuedAtMs - 5 * hourMs, endMs: issuedAtMs };
    expect(issue(bundleOf([a]), { events: [past] })).toEqual(issue(bundleOf([a])));
  });

  it('teaches the next one nothing of them, and hands none of them down the ladder', () => {
    const plain = issue(bundleOf([a]));
    const shifted = issue(bundleOf([a]), { events: [event] });
    expect(toPastForecast(shifted).memberMw).toEqual(toPastForecast(plain).memberMw);
    for (const [lead, mw] of toPastForecast(shifted).blendMw.entries())
      expect(mw).toBeCloseTo(present(plain.values[lead]).pointMw, 9);
    const later = {
      history: known(everything, issuedAtMs + hourMs),
      issuedAtMs: issuedAtMs + hourMs,
    };
    const ladder = issue(null, { ...later, previous: shifted });
    expect(rungs(ladder)).toContain('previous forecast');
    expect(present(ladder.values[9]).pointMw).toBeCloseTo(present(plain.values[10]).pointMw, 9);
    const known10 = issue(null, { ...later, previous: shifted, events: [event] });
    expect(present(known10.values[9])).toMatchObject({ eventMw: -12 });
    expect(present(known10.values[9]).pointMw).toBeCloseTo(present(shifted.values[10]).pointMw, 9);
  });

  it('a member is scored as if it had known them', () => {
    const shifted = issue(bundleOf([a]), { events: [event] });
    const load = {
      startMs: issuedAtMs,
      values: Float64Array.from(shifted.values, (value) => value.pointMw),
    };
    expect(accuracyByLead([shifted], load, memberColumn('a')).all.mape).toBeCloseTo(0, 9);
  });
});

describe('issueForecast with all its members', () => {
  it('is full, names what it knew and blends by the weights it shows', () => {
    const forecast = issue(bundleOf([naive, a, b]));
    expect(faultsOf(forecast)).toEqual([]);
    expect(forecast.quality).toBe('full');
    expect(forecast.reason).toBeNull();
    expect(forecast.dataCutoffMs).toBe(issuedAtMs);
    expect(forecast.bundleId).toBe('sample-bundle');
    expect(forecast.id).toBe('sample-20230220T230000Z-5');
    expect(forecast.temperatureSource).toBe('actual');
    expect(forecast.members).toEqual([
      { name: 'naive', version: 'naive-v1', weightsByLeadDay: [0, 0, 0], leftOut: null },
      { name: 'a', version: 'a-v1', weightsByLeadDay: [0.5, 0.5, 0.5], leftOut: null },
      { name: 'b', version: 'b-v1', weightsByLeadDay: [0.5, 0.5, 0.5], leftOut: null },
    ]);
    const value = present(forecast.values[30]);
    expect(value.pointMw).toBe(100);
    expect(value.memberMw).toEqual({
      naive: valueAt(everything.load, value.startMs - 7 * dayMs),
      a: 101,
      b: 99,
    });
    expect(value.memberWeight).toEqual({ naive: 0, a: 0.5, b: 0.5 });
    expect(value.temperatureC).toBe(valueAt(everything.temperature, value.startMs));
  });

  it('learns weights and bands from its record', () => {
    const past = Array.from({ length: 30 }, (_, day) => {
      const atMs = issuedAtMs - (day + 4) * dayMs;
      const actual = (lead: number) => valueAt(everything.load, atMs + lead * hourMs);
      return {
        issuedAtMs: atMs,
        memberMw: {
          naive: hours((lead) => 1.2 * actual(lead)),
          a: hours((lead) => 1.1 * actual(lead)),
          b: hours((lead) => 1.001 * actual(lead)),
        },
        blendMw: hours((lead) => 1.05 * actual(lead)),
      };
    });
    const forecast = issue(bundleOf([naive, a, b], past.reverse()));
    expect(present(forecast.members[2]).weightsByLeadDay[0]).toBeGreaterThan(0.75);
    const value = present(forecast.values[0]);
    // The blend was always 5 % too high: the quantiles stand half that much lower, but the band still holds the point.
    const lower = value.pointMw / Math.sqrt(1.05);
    for (const q of value.quantilesMw.slice(0, 5)) expect(q).toBeCloseTo(lower, 6);
    for (const q of value.quantilesMw.slice(5)) expect(q).toBeCloseTo(value.pointMw, 6);
    // The same record from issued forecasts, in any order, gives the same weights.
    const issued = issue(bundleOf([naive, a, b]), { past: past.toReversed() });
    expect(issued.members).toEqual(forecast.members);
  });

  it('lets late loads be within the reporting delay, and no longer', () => {
    const late = {
      ...known(),
      load: sliceHours(everything.load, startMs, issuedAtMs - 3 * hourMs),
    };
    const inTime = issue(bundleOf([a]), { history: late, reportingDelayHours: 3 });
    expect(inTime.quality).toBe('full');
    expect(inTime.dataCutoffMs).toBe(issuedAtMs - 3 * hourMs);
    const tooLate = issue(bundleOf([a]), { history: late, reportingDelayHours: 2 });
    expect(tooLate.quality).toBe('degraded');
    expect(tooLate.reason).toMatch(/^1 h of load in the last week were missing, late/);
  });

  it('names the last load it knew where later hours stand empty', () => {
    const history = changed(known(), {
      loadMw: (load, atMs) => (atMs >= issuedAtMs - 30 * hourMs ? Number.NaN : load),
    });
    expect(issue(bundleOf([a]), { history }).dataCutoffMs).toBe(issuedAtMs - 30 * hourMs);
  });

  it('refuses an issue time beside the hour grid of the load', () => {
    expect(() => issue(null, { issuedAtMs: issuedAtMs + 60_000 })).toThrow(/hour grid/);
    expect(() => issue(null, { issuedAtMs: Number.NaN })).toThrow(/hour grid/);
  });

  it('takes an hour grid that stands half an hour off the UTC hour', () => {
    const india = sampleHistory(
      40,
      { zone: 'Asia/Kolkata', holidayRegion: null },
      Date.parse('2023-01-01T18:30:00Z'),
    );
    const atMs = present(localInstants('Asia/Kolkata', '2023-02-05', '2023-02-05')[0]);
    const forecast = issue(bundleOf([naive]), { history: known(india, atMs), issuedAtMs: atMs });
    expect(faultsOf(forecast)).toEqual([]);
    expect(forecast.values[5]?.pointMw).toBe(valueAt(india.load, atMs + 5 * hourMs - 7 * dayMs));
  });
});

/** With an extra input that is known until so many hours after the issue time. */
function issueWithSun(
  knownHours: number,
  sun = (values: Float64Array): Float64Array => values.slice(),
): Forecast {
  const { temperature } = everything;
  const values = sun(temperature.values);
  const issued = Math.round((issuedAtMs - temperature.startMs) / hourMs);
  values.fill(Number.NaN, Math.max(0, issued + knownHours));
  const extras = [{ name: 'sun', hourly: { startMs: temperature.startMs, values } }];
  return issue(bundleOf([a]), { history: known({ ...everything, extras }) });
}

describe('issueForecast with something missing', () => {
  it('goes on without a member, renormalises and says why', () => {
    const forecast = issue(bundleOf([naive, broken, b]));
    expect(faultsOf(forecast)).toEqual([]);
    expect(forecast.quality).toBe('degraded');
    expect(forecast.reason).toBe('broken gave no number at lead hour 0.');
    expect(forecast.members[1]).toEqual({
      name: 'broken',
      version: 'broken-v1',
      weightsByLeadDay: [0, 0, 0],
      leftOut: 'broken gave no number at lead hour 0',
    });
    expect(forecast.values[0]?.memberMw['broken']).toBeNull();
    expect(forecast.values[0]?.memberWeight).toEqual({ naive: 0, broken: 0, b: 1 });
    expect(forecast.values.every((value) => value.quality === 'degraded')).toBe(true);
  });

  it('says which member could not be fitted', () => {
    const forecast = issue(bundleOf([a], [], { lstm: 'the loss grew' }));
    expect(forecast.quality).toBe('degraded');
    expect(forecast.reason).toBe('lstm was not fitted: the loss grew.');
  });

  it('stands on naive alone where naive is all that is left', () => {
    const forecast = issue(bundleOf([naive, broken]));
    expect(faultsOf(forecast)).toEqual([]);
    expect(forecast.quality).toBe('degraded');
    expect(forecast.members[0]?.weightsByLeadDay).toEqual([1, 1, 1]);
  });

  it('substitutes climatology for a missing temperature forecast and says what to do', () => {
    const history = knownHistory(everything, issuedAtMs, 0, null);
    const forecast = issue(bundleOf([a]), { history });
    expect(faultsOf(forecast)).toEqual([]);
    expect(forecast.quality).toBe('degraded');
    expect(forecast.temperatureSource).toBe('climatology');
    expect(forecast.reason).toMatch(/no temperature forecast for 72 of 72 h.*give rows/);
    expect(forecast.values.every((value) => Number.isFinite(value.temperatureC))).toBe(true);
  });

  it('says which hours of an extra input had to be substituted, if a table holds it', () => {
    const reason = (knownHours: number) => issueWithSun(knownHours).reason;
    expect(reason(72)).toBeNull();
    const forecast = issueWithSun(60);
    expect(faultsOf(forecast)).toEqual([]);
    expect(forecast.quality).toBe('degraded');
    expect(forecast.reason).toBe(
      '12 of 72 h without "sun": its usual values stand in; give rows with it after the last load.',
    );
    // An installed capacity is expected to go on.
    expect(
      issueWithSun(0, (values) => values.map((_, i) => Math.floor(i / 200))).reason,
    ).toBeNull();
    // Of one that is not known at all nobody expects anything.
    expect(reason(-70 * 24)).toBeNull();
  });

  it('counts substituted temperatures of the last week', () => {
    const history = changed(known(), {
      temperatureC: (value, atMs) =>
        atMs >= issuedAtMs - 10 * hourMs && atMs < issuedAtMs - 4 * hourMs ? Number.NaN : value,
    });
    const forecast = issue(bundleOf([a]), { history });
    expect(forecast.quality).toBe('degraded');
    expect(forecast.reason).toMatch(/^6 h of temperature in the last week/);
  });

  it('does without any temperature, and is not the worse for it', () => {
    const history = { ...known(), temperature: { startMs, values: new Float64Array(0) } };
    const forecast = issue(bundleOf([a]), { history });
    expect(forecast.quality).toBe('full');
    expect(forecast.temperatureSource).toBe('none');
    expect(forecast.values[0]?.temperatureC).toBeNull();
  });

  it('counts missing and implausible loads of the last week, and none before it', () => {
    const gapAt = (daysBefore: number) =>
      issue(bundleOf([a]), {
        history: changed(known(), {
          loadMw: (load, atMs) =>
            atMs >= issuedAtMs - daysBefore * dayMs &&
            atMs < issuedAtMs - daysBefore * dayMs + 5 * hourMs
              ? Number.NaN
              : load,
        }),
      });
    expect(gapAt(3).reason).toMatch(/^5 h of load in the last week/);
    expect(gapAt(20).quality).toBe('full');
    const spike = changed(known(), {
      loadMw: (load, atMs) => (atMs === issuedAtMs - 30 * hourMs ? 3 * load : load),
    });
    expect(issue(bundleOf([a]), { history: spike }).reason).toMatch(/^1 h of load/);
  });
});

describe('the ladder', () => {
  const previous = issue(bundleOf([a]), { issuedAtMs: issuedAtMs - 24 * hourMs });

  it('takes the previous forecast for the hours it covers, then the week before', () => {
    const forecast = issue(bundleOf([broken]), { previous });
    expect(faultsOf(forecast)).toEqual([]);
    expect(forecast.quality).toBe('fallback');
    expect(rungs(forecast)).toBe('previous forecast, then seasonal naive');
    expect(forecast.values[0]?.pointMw).toBe(101);
    expect(forecast.values[0]?.quantilesMw).toEqual(previous.values[24]?.quantilesMw);
    expect(forecast.values[47]?.pointMw).toBe(101);
    expect(forecast.values[48]?.pointMw).toBe(
      valueAt(everything.load, issuedAtMs + 48 * hourMs - 7 * dayMs),
    );
  });

  it('takes it while it is at most 48 h old', () => {
    const issuedBefore = (age: number) =>
      issue(bundleOf([a]), {
        issuedAtMs: issuedAtMs - age * hourMs,
        history: known(everything, issuedAtMs - age * hourMs),
      });
    const old = issue(null, { previous: issuedBefore(48) });
    expect(old.values.filter((value) => value.pointMw === 101).length).toBe(24);
    expect(rungs(issue(null, { previous: issuedBefore(49) }))).toBe('seasonal naive');
  });

  it('climbs no ladder that another forecast climbed before', () => {
    const fallback = issue(null, { issuedAtMs: issuedAtMs - 24 * hourMs });
    expect(fallback.quality).toBe('fallback');
    expect(rungs(issue(null, { previous: fallback }))).toBe('seasonal naive');
  });

  it('gives the week before without models, and says why there are none', () => {
    const forecast = issue(null, { withoutBundle: 'models in training' });
    expect(faultsOf(forecast)).toEqual([]);
    expect(forecast.reason).toBe(
      'models in training; values come from the ladder: seasonal naive.',
    );
    expect(forecast.bundleId).toBeNull();
    expect(forecast.members).toEqual([]);
    for (const value of forecast.values)
      expect(value.pointMw).toBe(valueAt(everything.load, value.startMs - 7 * dayMs));
    const width = (lead: number) => {
      const quantiles = present(forecast.values[lead]).quantilesMw;
      return present(quantiles[5]) - present(quantiles[1]);
    };
    expect(width(10)).toBeGreaterThan(1); // from its own errors, not a fixed band
    expect(width(10)).toBeLessThan(25);
  });

  it('keeps the local clock hour over both clock changes', () => {
    for (const date of ['2023-03-26', '2023-10-29']) {
      const year = sampleHistory(330);
      for (const day of [date, date.replace(/\d\d$/, (d) => String(Number(d) + 2))]) {
        const atMs = present(localInstants('Europe/Paris', day, day)[0]);
        const forecast = issue(null, { history: known(year, atMs), issuedAtMs: atMs });
        const wrong = forecast.values.filter(
          ({ startMs: hour, pointMw }) =>
            pointMw !== valueAt(year.load, sameClockEarlier(hour, 'Europe/Paris', 7)),
        );
        expect([day, wrong.map((value) => value.leadHours)]).toEqual([day, []]);
      }
    }
  });

  it('gives a typical day where less than a week is known', () => {
    const history = known();
    const young = {
      ...history,
      load: sliceHours(history.load, issuedAtMs - 2 * dayMs, issuedAtMs),
    };
    const forecast = issue(null, { history: young });
    expect(faultsOf(forecast)).toEqual([]);
    expect(rungs(forecast)).toBe('typical day');
    expect(forecast.reason).toMatch(/less than a week of load/);
    const mean = (lead: number) =>
      (valueAt(everything.load, issuedAtMs + lead * hourMs - dayMs) +
        valueAt(everything.load, issuedAtMs + lead * hourMs - 2 * dayMs)) /
      2;
    expect(forecast.values[3]?.pointMw).toBeCloseTo(mean(3), 9);
    expect(forecast.values[23]?.pointMw).toBeCloseTo(mean(23), 9);
  });

  it('gives a typical day where the known load is old', () => {
    const old = known();
    const later = issuedAtMs + 100 * dayMs;
    const forecast = issue(null, { history: old, issuedAtMs: later });
    expect(faultsOf(forecast)).toEqual([]);
    expect(forecast.reason).toMatch(/known in the last ten weeks/);
    expect(rungs(forecast)).toBe('typical day');
    expect(forecast.dataCutoffMs).toBe(issuedAtMs);
  });

  it('stands on a single value', () => {
    const one = { startMs: issuedAtMs - 5 * hourMs, values: Float64Array.from([42]) };
    const forecast = issue(null, { history: { ...known(), load: one } });
    expect(faultsOf(forecast)).toEqual([]);
    expect(forecast.values.every((value) => value.pointMw === 42)).toBe(true);
  });

  it('asks for a load where there is none at all', () => {
    const empty = { ...known(), load: { startMs, values: new Float64Array(0) } };
    expect(() => issue(null, { history: empty })).toThrow(/Need 1 h of load history/);
    const later = { ...known(), load: { startMs: issuedAtMs + dayMs, values: hours(() => 1) } };
    expect(() => issue(null, { history: later })).toThrow(/Need 1 h of load history/);
  });
});

describe('any history', () => {
  const shape = fc.record({
    hours: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 40 * 24 }) },
      fc.constantFrom(1, 24, 167, 168, 169, 240),
    ),
    level: fc.constantFrom(0, 1e-3, 50, 1e5, -40),
    swing: fc.constantFrom(0, 0.3, 3),
    missing: fc.constantFrom(0, 0.1, 0.9),
    zeros: fc.constantFrom(0, 0.2),
    late: fc.integer({ min: 0, max: 60 }),
    members: fc.subarray([naive, a, broken]),
    temperature: fc.constantFrom('whole', 'past', 'none', 'holes'),
    seed: fc.integer({ min: 1, max: 1e6 }),
  });

  function historyOf(wanted: typeof shape extends fc.Arbitrary<infer T> ? T : never): History {
    let state = wanted.seed;
    const draw = (): number => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    };
    const loadStartMs = issuedAtMs - (wanted.hours + wanted.late) * hourMs;
    const values = Float64Array.from({ length: wanted.hours }, (_, hour) => {
      if (hour > 0 && draw() < wanted.missing) return Number.NaN; // one value is known
      if (draw() < wanted.zeros) return 0;
      return wanted.level * (1 + wanted.swing * (Math.sin(hour / 4) + draw() - 0.5));
    });
    const weatherHours = wanted.hours + wanted.late + (wanted.temperature === 'past' ? 0 : 72);
    const temperature = Float64Array.from(
      { length: wanted.temperature === 'none' ? 0 : weatherHours },
      () => (wanted.temperature === 'holes' && draw() < 0.5 ? Number.NaN : 30 * draw() - 5),
    );
    return {
      place: { zone: 'Europe/Paris', holidayRegion: 'FR' },
      load: { startMs: loadStartMs, values },
      temperature: { startMs: loadStartMs, values: temperature },
    };
  }

  it('gives 72 finite values with ordered quantiles, and a reason where it is not full', () => {
    fc.assert(
      fc.property(shape, (wanted) => {
        const bundle = wanted.members.length > 0 ? bundleOf(wanted.members) : null;
        const forecast = issue(bundle, { history: historyOf(wanted) });
        expect(faultsOf(forecast)).toEqual([]);
        expect(issue(bundle, { history: historyOf(wanted) })).toEqual(forecast);
      }),
      { numRuns: 60 },
    );
  });
});
