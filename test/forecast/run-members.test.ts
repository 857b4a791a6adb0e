import { describe, expect, it } from 'vitest';
import type { History } from '../../src/core/history.js';
import { dayMs, hourMs } from '../../src/core/time.js';
import { buildFeatureTable } from '../../src/features/build-feature-table.js';
import { contextHours } from '../../src/forecast/issue-forecast.js';
import { runMembers } from '../../src/forecast/run-members.js';
import type { FittedMember } from '../../src/models/member.js';
import { present } from '../core/present.js';
import { sampleHistory } from './sample-history.js';
import { fittedMember } from './sample-members.js';

/** 60 MW by night (0–11 h UTC), 100 MW by day, on 30 days, a little above on every second day. */
const flat: History = {
  place: { zone: 'UTC', holidayRegion: null },
  load: {
    startMs: 0,
    values: Float64Array.from({ length: 30 * 24 }, (_, hour) => {
      const step = hour % 24 < 12 ? 60 : 100;
      return step + (Math.floor(hour / 24) % 2) + 0.001 * (hour % 7);
    }),
  },
  temperature: { startMs: 0, values: new Float64Array(0) },
};

function run(fitted: readonly FittedMember[], history: History = flat) {
  const issuedAtMs = history.load.startMs + history.load.values.length * hourMs;
  const table = buildFeatureTable({
    history,
    issuedAtMs,
    startMs: Math.max(history.load.startMs, issuedAtMs - contextHours * hourMs),
    endMs: issuedAtMs + 72 * hourMs,
  });
  return runMembers(fitted, table, history);
}

/** Why a member that says `mw` at lead hour `at`, and 80 MW elsewhere, is left out; null if it is not. */
function leftOut(mw: number, at = 3, others: readonly FittedMember[] = []): string | null {
  const member = fittedMember('a', (lead) => (lead === at ? mw : 80));
  return present(run([member, ...others])[0]).leftOut;
}

describe('runMembers', () => {
  it('keeps a member inside 0.5 × min … 1.5 × max of the clock hour ± 1 h', () => {
    expect(leftOut(31)).toBeNull();
    expect(leftOut(91)).toBeNull(); // night: 1.5 × 61.006
    const point = run([fittedMember('a', () => 80)])[0]?.pointMw;
    expect(point?.every((value) => value === 80)).toBe(true);
  });

  it('leaves out a member outside them, and says by how much', () => {
    expect(leftOut(29.9)).toBe(
      'a gave 29.90 MW at lead hour 3, outside the plausible 30.00 to 91.51 MW',
    );
    expect(leftOut(92)).toMatch(/92\.00 MW at lead hour 3/);
    expect(leftOut(-10)).not.toBeNull();
  });

  it('takes the bounds of the hour before and after as well', () => {
    // At 11:00 (lead 11) the load of 12:00 counts: 1.5 × 101.006; at 10:00 it does not.
    expect(leftOut(150, 11)).toBeNull();
    expect(leftOut(150, 10)).not.toBeNull();
    expect(leftOut(31, 12)).toBeNull();
    expect(leftOut(31, 13)).not.toBeNull();
  });

  it('keeps it where another member that is not naive is within 10 % of it', () => {
    const at110 = fittedMember('b', (lead) => (lead === 3 ? 110 : 80));
    const near = fittedMember('b', (lead) => (lead === 3 ? 90 : 80));
    expect(leftOut(100, 3, [at110])).toBeNull();
    expect(leftOut(100, 3, [near])).toBeNull();
    const far = fittedMember('b', (lead) => (lead === 3 ? 89.9 : 80));
    expect(leftOut(100, 3, [far])).not.toBeNull();
  });

  it('takes neither naive nor a failed member for such a witness', () => {
    const naive = fittedMember('naive', (lead) => (lead === 3 ? 100 : 80));
    expect(leftOut(100, 3, [naive])).not.toBeNull();
    const failed = fittedMember('b', (lead) => (lead === 3 ? 100 : Number.NaN));
    expect(leftOut(100, 3, [failed])).not.toBeNull();
  });

  it('keeps naive where another member is its witness', () => {
    const runs = run(
      ['naive', 'b'].map((name) => fittedMember(name, (lead) => (lead === 3 ? 100 : 80))),
    );
    expect(runs[0]?.leftOut).toBeNull(); // b stands by naive
    expect(runs[1]?.leftOut).not.toBeNull(); // naive alone does not stand by b
  });

  it('leaves out a member that throws, and goes on', () => {
    const throwing: FittedMember = {
      ...fittedMember('broken', () => 80),
      predict: () => {
        throw new Error('weights are gone');
      },
    };
    const runs = run([throwing, fittedMember('a', () => 80)]);
    expect(runs[0]).toEqual({
      name: 'broken',
      pointMw: null,
      leftOut: 'broken failed: weights are gone',
    });
    expect(runs[1]?.leftOut).toBeNull();
  });

  it('leaves out a member with a value that is no number, or too few of them', () => {
    expect(leftOut(Number.NaN)).toBe('a gave no number at lead hour 3');
    expect(leftOut(Number.POSITIVE_INFINITY)).toBe('a gave no number at lead hour 3');
    const short: FittedMember = {
      ...fittedMember('short', () => 80),
      predict: () => ({ pointMw: new Float64Array(48).fill(80) }),
    };
    expect(run([short])[0]?.leftOut).toBe('short gave 48 values instead of 72');
  });

  it('looks back 400 days and no further', () => {
    const days = 420;
    const values = Float64Array.from({ length: days * 24 }, (_, hour) => 80 + (hour % 5));
    const highDay = (day: number): History => ({
      ...flat,
      load: { startMs: 0, values: values.map((mw, i) => (Math.floor(i / 24) === day ? 200 : mw)) },
    });
    const member = fittedMember('a', () => 250);
    expect(run([member], highDay(days - 399))[0]?.leftOut).toBeNull();
    expect(run([member], highDay(days - 402))[0]?.leftOut).not.toBeNull();
  });

  it('does not let a value that was screened out widen the bounds', () => {
    const spiked = flat.load.values.slice();
    spiked[25 * 24 + 3] = 600;
    const history = { ...flat, load: { startMs: 0, values: spiked } };
    expect(run([fittedMember('a', () => 250)], history)[0]?.leftOut).toMatch(/250\.0 MW/);
  });

  it('knows the clock hour on both sides of a clock change', () => {
    // Load peaks at 100 MW in the local hour 18, else 50; the last of 300 days lies in winter time.
    const { place } = sampleHistory(1);
    const startMs = Date.parse('2023-02-28T23:00:00Z');
    const local = new Intl.DateTimeFormat('en-GB', {
      timeZone: place.zone,
      hour: '2-digit',
      hour12: false,
    });
    const values = Float64Array.from({ length: 300 * 24 }, (_, i) => {
      const jitter = 0.001 * (i % 7);
      return local.format(startMs + i * hourMs) === '18' ? 100 + jitter : 50 + jitter;
    });
    const history: History = {
      place,
      load: { startMs, values },
      temperature: { startMs, values: new Float64Array(0) },
    };
    const issuedAtMs = startMs + values.length * hourMs;
    const leads = Array.from({ length: 24 }, (_, lead) => lead);
    const allowed = leads.filter((at) => {
      const member = fittedMember('a', (lead) => (lead === at ? 140 : 60));
      return run([member], history)[0]?.leftOut === null;
    });
    const hoursAllowed = allowed.map((lead) => local.format(issuedAtMs + lead * hourMs));
    expect(hoursAllowed).toEqual(['17', '18', '19']);
    expect(values.length * hourMs).toBe(300 * dayMs);
  });

  it('widens the bounds downwards for loads below zero', () => {
    const negative = { ...flat, load: { startMs: 0, values: flat.load.values.map((mw) => -mw) } };
    const answer = (mw: number) => run([fittedMember('a', () => mw)], negative)[0]?.leftOut;
    expect(answer(-85)).toBeNull();
    expect(answer(-160)).not.toBeNull();
  });
});
