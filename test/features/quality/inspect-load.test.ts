import { describe, expect, it } from 'vitest';
import type { History } from '../../../src/core/history.js';
import type { LoadFinding } from '../../../src/core/load-finding.js';
import type { FaultKind } from '../../../src/core/load-mark.js';
import type { Reading } from '../../../src/core/reading.js';
import { dayMs, hourMs } from '../../../src/core/time.js';
import { inspectLoad } from '../../../src/features/quality/inspect-load.js';
import { victoriaHistory } from '../../forecast/sample-history.js';

const { load, place, temperature } = victoriaHistory();
const day = 24;
/** Local midnight of 4 March 2014. */
const march = 62 * day;
/** First hour after the clock went back. */
const autumn = (Date.parse('2014-04-05T16:00Z') - load.startMs) / hourMs;

function inspected(spoil: (values: Float64Array) => void): LoadFinding[] {
  const values = load.values.slice();
  spoil(values);
  return inspectLoad({ place, temperature, load: { startMs: load.startMs, values } });
}

function instant(row: number): number {
  return load.startMs + row * hourMs;
}

/** Findings in words: `spike 1495+2` = two hours from row 1495. */
function brief(findings: readonly LoadFinding[]): string[] {
  return findings.map(({ kind, startMs, endMs }) => {
    const from = (startMs - load.startMs) / hourMs;
    return `${kind} ${from}+${(endMs - startMs) / hourMs}`;
  });
}

describe('the inspection of loads', () => {
  it('doubts nothing in a year of half-hours as the market operator published it', () => {
    expect(inspected(() => {})).toEqual([]);
  });

  it.each<[FaultKind, string, (values: Float64Array) => void]>([
    ['gap', `gap ${march}+5`, (values) => values.fill(Number.NaN, march, march + 5)],
    ['not-positive', `not-positive ${march}+7`, (values) => values.fill(0, march, march + 7)],
    [
      'stuck',
      `stuck ${march + 1}+8`,
      (values) => values.fill(values[march]!, march + 1, march + 9),
    ],
    ['spike', `spike ${march + 9}+1`, (values) => scale(values, march + 9, 1, 1.5)],
    ['wrong-level', `wrong-level ${march + 5}+40`, (values) => scale(values, march + 5, 40, 0.6)],
    ['wrong-unit', `wrong-unit ${march}+100`, (values) => scale(values, march, 100, 1000)],
    ['wrong-unit', `wrong-unit ${march}+480`, (values) => scale(values, march, 480, 1 / 4)],
    ['reversed-sign', `reversed-sign ${march}+30`, (values) => scale(values, march, 30, -1)],
    [
      'copied',
      `copied ${march}+24`,
      (values) => values.copyWithin(march, march - 7 * day, march - 6 * day),
    ],
    [
      'interpolated',
      `interpolated ${march + 1}+8`,
      (values) => {
        const step = (values[march + 9]! - values[march]!) / 9;
        for (let i = 1; i < 9; i++) values[march + i] = values[march]! + i * step;
      },
    ],
    [
      'cumulative',
      // Two hours before it rose too: the count goes on from them.
      `cumulative ${march - 2}+242`,
      (values) => {
        let sum = 5e5;
        for (let i = march; i < march + 240; i++) values[i] = sum += values[i]!;
      },
    ],
  ])('finds %s where it is: %s', (_, told, spoil) => {
    expect(brief(inspected(spoil))).toEqual([told]);
  });

  it('tells what lasts, and does not take it for wrong values', () => {
    const shift = inspected((values) => scale(values, march, values.length, 1.3));
    expect(shift).toMatchObject([{ kind: 'level-shift', startMs: instant(march) }]);
    expect(shift[0]?.factor).toBeCloseTo(1.3, 1);
    const late = inspected((values) => values.copyWithin(march + 1, march, march + 20 * day));
    const displaced = late.filter(({ kind }) => kind === 'displaced');
    expect(displaced).toMatchObject([{ lateHours: 1 }]);
    expect(Math.abs((displaced[0]?.startMs ?? 0) - instant(march))).toBeLessThanOrEqual(dayMs);
  });

  it('sees that day and month are exchanged', () => {
    const found = inspected((values) => {
      const sound = values.slice();
      for (let month = 0; month < 12; month++)
        for (let date = 1; date <= 12; date++) {
          const [to, from] = [dayOfYear(month, date), dayOfYear(date - 1, month + 1)];
          values.set(sound.subarray(from * day, (from + 1) * day), to * day);
        }
    });
    expect(found.map(({ kind }) => kind)).toContain('day-month');
  });

  it('sees an autumn hour that holds the sum of both, and one that is a copy', () => {
    const summed = inspected((values) => {
      values[autumn - 1]! += values[autumn]!;
      values[autumn] = Number.NaN;
    });
    expect(brief(summed)).toContain(`clock-change ${autumn - 1}+1`);
    const copied = inspected((values) => values.copyWithin(autumn, autumn - 1, autumn));
    expect(brief(copied)).toEqual([`clock-change ${autumn}+1`]);
  });

  it('takes what a large part of a series does for its nature', () => {
    // A mill that runs from six to eighteen and stands still else.
    const nightly = inspected((values) => {
      for (let row = 0; row < values.length; row++)
        if (new Date(instant(row)).getUTCHours() < 12) values[row] = 0;
    });
    expect(nightly.filter(({ kind }) => kind === 'not-positive' || kind === 'stuck')).toEqual([]);
  });

  it('finds no copy at a clock change where the load stands still', () => {
    const found = inspected((values) => values.fill(values[autumn]!, autumn - 2, autumn + 1));
    expect(found.filter(({ kind }) => kind === 'clock-change')).toEqual([]);
  });

  it('keeps the heat wave of January, whose loads were twice as high as usual', () => {
    const heat = [Date.parse('2014-01-13T13:00Z'), Date.parse('2014-01-17T13:00Z')] as const;
    const touched = inspected((values) => values.fill(0, march, march + 3)).filter(
      ({ startMs, endMs }) => endMs > heat[0] && startMs < heat[1],
    );
    expect(touched).toEqual([]);
  });

  it('of a series behind solar panels goes by differences, and takes no passing through zero for a fault', () => {
    expect(inspected(behindSolarPanels)).toEqual([]);
    const spoilt = inspected((values) => {
      behindSolarPanels(values);
      values[march + 2 * day + 3]! += 9000;
      scale(values, march + 10 * day, 3 * day, -1);
    });
    expect(spoilt.map(({ kind }) => kind).sort()).toEqual(['reversed-sign', 'spike']);
  });

  it('looks at quarter hours and hours of one series, each on its own grid', () => {
    const change = 90 * day;
    const quarters: Reading[] = [...load.values.subarray(change).keys()].flatMap((i) =>
      [0, 1, 2, 3].map((quarter) => ({
        startMs: instant(change + i) + quarter * 15 * 60_000,
        minutes: 15,
        value: load.values[change + i]! * (1 + 0.01 * quarter),
      })),
    );
    const stuck = 4 * 40 * day;
    for (let i = 1; i < 20; i++)
      quarters[stuck + i] = { ...quarters[stuck + i]!, value: quarters[stuck]!.value };
    quarters.splice(4 * 30 * day, 1);
    const hours: Reading[] = Array.from(load.values.subarray(0, change), (value, i) => ({
      startMs: instant(i),
      minutes: 60,
      value,
    }));
    const values = load.values.slice();
    scale(values, march, 3, -1);
    const history: History = {
      place,
      temperature,
      load: { startMs: load.startMs, values },
    };
    expect(brief(inspectLoad(history, [...hours, ...quarters]))).toEqual([
      `reversed-sign ${march}+3`,
      `gap ${change + 30 * day}+0.25`,
      `stuck ${change + 40 * day + 0.25}+4.75`,
    ]);
  });
});

function scale(values: Float64Array, from: number, rows: number, factor: number): void {
  for (let i = from; i < Math.min(values.length, from + rows); i++) values[i]! *= factor;
}

function dayOfYear(month: number, date: number): number {
  return (Date.UTC(2014, month, date) - Date.UTC(2014, 0, 1)) / dayMs;
}

function behindSolarPanels(values: Float64Array): void {
  for (let i = 0; i < values.length; i++)
    values[i]! -= 7000 * Math.max(0, Math.sin((Math.PI * ((i % day) - 6)) / 12));
}
