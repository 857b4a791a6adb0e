import { describe, expect, it } from 'vitest';
import { splitAtLastLoad } from '../../src/ingest/load-file.js';
import { parseLines } from './csv-text.js';

const start = Date.UTC(2024, 0, 1);
const stamps = ['00', '01', '02', '03'].map((hour) => `2024-01-01T${hour}:00Z`);

const hour = (i: number, value: number) => ({
  startMs: start + i * 3_600_000,
  minutes: 60,
  value,
});

const read = (...extraColumns: string[]) =>
  parseLines(['time,load,cloud,Cloud !,%', `${stamps[0]},1,2,3,4`], { extraColumns });

describe('extra columns of a load file', () => {
  it('are read under a name of their own, on past the last load', () => {
    const file = splitAtLastLoad(
      parseLines(
        [
          'time,load,Irradiance [W/m²],PV',
          `${stamps[0]},1,0,800`,
          `${stamps[1]},2,,800`,
          `${stamps[2]},,412.5,820`,
        ],
        { extraColumns: ['irradiance (W/m2)', 'PV'] },
      ),
    );
    expect(file.load).toEqual([hour(0, 1), hour(1, 2)]);
    expect(file.extras).toEqual([
      { name: 'irradiance_w_m2', readings: [hour(0, 0), hour(2, 412.5)] },
      { name: 'pv', readings: [hour(0, 800), hour(1, 800), hour(2, 820)] },
    ]);
    expect(file.issues).toEqual([]);
  });

  it('are left alone where nobody asks for them', () => {
    expect(parseLines(['time,load,pv', `${stamps[0]},1,x`]).extras).toEqual([]);
  });

  it('have a decimal sign of their own, whatever the load has', () => {
    const { load, extras } = parseLines(
      ['time;load;cloud;wind', `${stamps[0]};1.5;0,25;3`, `${stamps[1]};2.5;0,75;4`],
      { extraColumns: ['cloud', 'wind'] },
    );
    expect(load.map(({ value }) => value)).toEqual([1.5, 2.5]);
    expect(extras.map(({ readings }) => readings.map(({ value }) => value))).toEqual([
      [0.25, 0.75],
      [3, 4],
    ]);
  });

  it('lose a value that cannot be read, which is told; its row stays', () => {
    const { load, extras, issues } = parseLines(
      ['time,load,cloud', `${stamps[0]},1,overcast`, `${stamps[1]},2,1e12`, `${stamps[2]},3,7`],
      { extraColumns: ['cloud'] },
    );
    expect(load).toHaveLength(3);
    expect(extras[0]?.readings.map(({ value }) => value)).toEqual([7]);
    expect(issues.map(({ line, kind, reason }) => [line, kind, reason])).toEqual([
      [2, 'suspect-value', '"overcast" of "cloud" is no number up to 1000000000; left out'],
      [3, 'suspect-value', '"1e12" of "cloud" is no number up to 1000000000; left out'],
    ]);
  });

  it('are merged as loads are where rows repeat, off the grid or out of order', () => {
    const { extras, rejected, issues } = parseLines(
      [
        'time,load,cloud',
        `${stamps[2]},3,30`,
        `${stamps[0]},1,10`,
        `${stamps[1]},2,20`,
        `${stamps[0]},1,11`,
        `${stamps[1]},2,`,
        `${stamps[3]},4,40`,
        '2024-01-01T03:20Z,5,50',
      ],
      { extraColumns: ['cloud'] },
    );
    expect(extras[0]?.readings.map(({ value }) => value)).toEqual([11, 20, 30, 40]);
    expect(rejected).toBe(1);
    expect(issues.filter(({ kind }) => kind === 'duplicate')).toHaveLength(2);
  });

  it('are refused where they are not there, the same twice, or too many', () => {
    expect(() => read('snow')).toThrow(
      'load.csv has no column "snow" (--extra-columns). Its first row must name the columns; it has "time", "load", "cloud", "Cloud !", "%".',
    );
    expect(() => read('cloud', 'Cloud !')).toThrow(
      'load.csv: the extra column "Cloud !" is the same as "cloud"; name each once (--extra-columns).',
    );
    expect(() => read('%')).toThrow('has a name without letters and digits');
    expect(() => read(...Array<string>(21).fill('cloud'))).toThrow(
      '21 extra columns are asked for; at most 20 are taken (--extra-columns).',
    );
  });
});
