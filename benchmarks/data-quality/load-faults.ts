import type { FaultKind } from '../../src/core/load-mark.js';
import type { Random } from '../../src/core/random.js';
import { dayMs, localWallClock } from '../../src/core/time.js';
import type { LoadSeries } from './load-series.js';

/** A series to spoil: its values are changed in place. */
export interface Patient {
  readonly values: Float64Array;
  readonly stepMs: number;
  /** local wall clock of each row as if it were UTC */
  readonly localMs: Float64Array;
  readonly random: Random;
  /** rows in which faults begin and, but for those that last, end: `[from, to)` */
  readonly from: number;
  readonly to: number;
}

export interface Spoilt {
  readonly from: number;
  readonly to: number;
}

export interface LoadFaultClass {
  readonly name: string;
  /** kinds that name it rightly */
  readonly kinds: readonly FaultKind[];
  /** told by its beginning; or by rows, of which half must be told */
  readonly lasts?: true;
  /** faults put into one series; more than one where they are short */
  readonly each: number;
  /** @param row where it begins, as near as its nature allows @returns null where it cannot be put */
  readonly put: (patient: Patient, row: number) => Spoilt | null;
}

export function patientOf(series: LoadSeries, random: Random, from: number, to: number): Patient {
  const stepMs = series.minutes * 60_000;
  return {
    values: series.values.slice(),
    stepMs,
    localMs: localWallClock(series.place.zone, series.startMs, stepMs, series.values.length),
    random,
    from,
    to,
  };
}

type Change = (value: number, random: Random) => number;

export const loadFaultClasses: readonly LoadFaultClass[] = [
  ...[0.1, 0.2, 0.5, 1].map((size) =>
    stretch(`spike ±${size * 100} %, 1–3 h`, ['spike', 'not-positive'], [1, 3], (random) => {
      const up = random.uniform() < 0.5 && size < 1 ? 1 - size : 1 + size;
      return (value) => value * up;
    }),
  ),
  stretch('zero, 1–48 h', ['not-positive'], [1, 48], () => () => 0),
  {
    name: 'stuck, 5–24 h',
    kinds: ['stuck'],
    each: 4,
    put: (patient, row) => {
      const to = row + rowsOf(patient, hoursIn(patient, 5, 24));
      patient.values.fill(patient.values[row]!, row, to);
      return { from: row, to };
    },
  },
  ...[0.2, 0.4].map((size) =>
    stretch(`level ±${size * 100} %, 6–72 h`, ['wrong-level'], [6, 72], (random) => {
      const factor = random.uniform() < 0.5 ? 1 - size : 1 + size;
      return (value) => value * factor;
    }),
  ),
  stretch('level ±30 %, 4–20 d', ['wrong-level'], [96, 480], (random) => {
    const factor = random.uniform() < 0.5 ? 0.7 : 1.3;
    return (value) => value * factor;
  }),
  ...[0.1, 0.2, 0.4].map((size): LoadFaultClass => ({
    name: `lasting level shift ±${size * 100} %`,
    kinds: ['level-shift'],
    lasts: true,
    each: 1,
    put: (patient, row) => {
      const factor = patient.random.uniform() < 0.5 ? 1 - size : 1 + size;
      return change(patient, row, patient.values.length, (value) => value * factor);
    },
  })),
  stretch('sign reversed, 3–72 h', ['reversed-sign'], [3, 72], () => (value) => -value),
  ...[10, 1000, 4, 2].flatMap((factor) => [
    stretch(`×${factor} or ÷${factor}, 6 h–30 d`, ['wrong-unit'], [6, 720], (random) => {
      const by = random.uniform() < 0.5 ? factor : 1 / factor;
      return (value) => value * by;
    }),
  ]),
  {
    name: '×1000 or ×4 from a date on',
    kinds: ['wrong-unit'],
    lasts: true,
    each: 1,
    put: (patient, row) => {
      const factor = patient.random.uniform() < 0.5 ? 1000 : 4;
      return change(patient, row, patient.values.length, (value) => value * factor);
    },
  },
  ...[1, 2, 10].map((hours): LoadFaultClass => ({
    name: `shape ±${hours} h, 5–40 d`,
    kinds: ['displaced'],
    each: 1,
    put: (patient, row) => {
      const from = midnightFrom(patient, row);
      const to = Math.min(patient.to, from + rowsOf(patient, 24 * hoursIn(patient, 5, 40)));
      const late = patient.random.uniform() < 0.5 ? hours : -hours;
      return displace(patient, from, to, () => late);
    },
  })),
  {
    name: 'shape ±1 h from a date on',
    kinds: ['displaced'],
    lasts: true,
    each: 1,
    put: (patient, row) => {
      const late = patient.random.uniform() < 0.5 ? 1 : -1;
      const from = midnightFrom(patient, row);
      return displace(patient, from, patient.values.length, () => late);
    },
  },
  {
    name: 'daylight saving ignored',
    kinds: ['ignores-clock-change'],
    each: 1,
    put: (patient) => {
      const winter = Math.min(...offsets(patient));
      const summer = offsets(patient).map((offset) => offset > winter);
      return displace(patient, patient.from, patient.to, (row) => (summer[row] ? -1 : 0));
    },
  },
  {
    name: 'day and month exchanged, a year',
    kinds: ['day-month'],
    each: 1,
    put: exchangeDates,
  },
  {
    name: 'cumulative, 5–30 d, a reset',
    kinds: ['cumulative'],
    each: 1,
    put: (patient, row) => {
      const rows = rowsOf(patient, 24 * hoursIn(patient, 5, 30));
      const reset = row + Math.floor(rows * (0.3 + 0.4 * patient.random.uniform()));
      let sum = 1e6 * patient.random.uniform();
      return change(patient, row, row + rows, (value, at) => {
        if (at === reset) sum = 0;
        return (sum += value * (patient.stepMs / 3_600_000));
      });
    },
  },
  ...clockClasses(),
  ...[1, 7].map((days): LoadFaultClass => ({
    name: days === 1 ? 'a day copied' : 'a week copied',
    kinds: ['copied'],
    each: 1,
    put: (patient, row) => {
      const from = midnightFrom(patient, row);
      const rows = rowsOf(patient, 24 * days);
      const back = rows * (1 + patient.random.integer(4));
      if (from - back < 0 || from + rows > patient.to) return null;
      patient.values.copyWithin(from, from - back, from - back + rows);
      return { from, to: from + rows };
    },
  })),
  {
    name: 'gap, 1–72 h',
    kinds: ['gap'],
    each: 4,
    put: (patient, row) =>
      change(patient, row, row + rowsOf(patient, hoursIn(patient, 1, 72)), () => Number.NaN),
  },
  {
    name: 'interpolated, 5–12 h, whole MW',
    kinds: ['interpolated', 'stuck'],
    each: 4,
    put: (patient, row) => {
      const to = row + rowsOf(patient, hoursIn(patient, 5, 12));
      const [first, last] = [patient.values[row - 1]!, patient.values[to]!];
      const step = (last - first) / (to - row + 1);
      return change(patient, row, to, (_, at) => first + step * (at - row + 1));
    },
  },
];

function stretch(
  name: string,
  kinds: readonly FaultKind[],
  [least, most]: readonly [number, number],
  changeOf: (random: Random) => Change,
): LoadFaultClass {
  return {
    name,
    kinds,
    each: most > 96 ? 1 : 4,
    put: (patient, row) => {
      const by = changeOf(patient.random);
      const to = Math.min(patient.to, row + rowsOf(patient, hoursIn(patient, least, most)));
      return change(patient, row, to, (value) => by(value, patient.random));
    },
  };
}

function change(
  { values }: Patient,
  from: number,
  to: number,
  by: (value: number, row: number) => number,
): Spoilt {
  for (let row = from; row < to; row++) values[row] = by(values[row]!, row);
  return { from, to };
}

function rowsOf({ stepMs }: Patient, hours: number): number {
  return Math.round((hours * 3_600_000) / stepMs);
}

function hoursIn({ random }: Patient, least: number, most: number): number {
  return least + random.integer(most - least + 1);
}

function midnightFrom({ localMs }: Patient, row: number): number {
  let at = row;
  while (at < localMs.length - 1 && localMs[at]! % dayMs !== 0) at++;
  return at;
}

function displace(
  patient: Patient,
  from: number,
  to: number,
  lateHours: (row: number) => number,
): Spoilt {
  const sound = patient.values.slice();
  return change(
    patient,
    from,
    to,
    (_, row) => sound[row - rowsOf(patient, lateHours(row))] ?? Number.NaN,
  );
}

function offsets({ localMs, stepMs }: Patient): number[] {
  return Array.from(localMs, (local, row) => local - row * stepMs);
}

function exchangeDates(patient: Patient): Spoilt {
  const { localMs, values } = patient;
  const sound = values.slice();
  const rowAt = new Map(Array.from(localMs, (local, row) => [local, row]));
  const year = new Date(localMs[Math.floor((patient.from + patient.to) / 2)]!).getUTCFullYear();
  let [from, to] = [-1, -1];
  for (let row = 0; row < values.length; row++) {
    const date = new Date(localMs[row]!);
    if (date.getUTCFullYear() !== year) continue;
    if (from < 0) from = row;
    to = row + 1;
    const [month, day] = [date.getUTCMonth(), date.getUTCDate()];
    if (day > 12 || day === month + 1) continue;
    const other =
      Date.UTC(year, day - 1, month + 1) +
      (localMs[row]! - Math.floor(localMs[row]! / dayMs) * dayMs);
    values[row] = sound[rowAt.get(other) ?? -1] ?? Number.NaN;
  }
  return { from, to };
}

/** Faults of the hours around a clock change, at one of those in reach. */
function clockClasses(): LoadFaultClass[] {
  return [
    clockClass('autumn hour: both summed into one', false, (values, row, hour) => {
      for (let k = 0; k < hour; k++)
        values[row - hour + k] = values[row - hour + k]! + values[row + k]!;
      values.fill(Number.NaN, row, row + hour);
      return { from: row - hour, to: row };
    }),
    clockClass('autumn hour: copied', false, (values, row, hour) => {
      values.copyWithin(row, row - hour, row);
      return { from: row, to: row + hour };
    }),
    clockClass('autumn hour: one missing', false, (values, row, hour) => {
      values.fill(Number.NaN, row, row + hour);
      return { from: row, to: row + hour };
    }),
    clockClass('spring hour: made up', true, (values, row, hour) => {
      const [first, last] = [values[row - 1]!, values[row + hour]!];
      for (let k = 0; k < hour; k++)
        values[row + k] = first + ((last - first) * (k + 1)) / (hour + 1);
      return { from: row, to: row + hour };
    }),
    clockClass('spring hour: zero', true, (values, row, hour) => {
      values.fill(0, row, row + hour);
      return { from: row, to: row + hour };
    }),
  ];
}

/** @param spoil changes values around the first row after a change */
function clockClass(
  name: string,
  forward: boolean,
  spoil: (values: Float64Array, row: number, hour: number) => Spoilt,
): LoadFaultClass {
  return {
    name,
    kinds: ['clock-change'],
    each: 1,
    put: (patient) => {
      const { localMs, stepMs, values } = patient;
      const rows = [...localMs.keys()].filter((row) => {
        const jump = row === 0 ? 0 : localMs[row]! - localMs[row - 1]! - stepMs;
        return row > patient.from && row < patient.to && (forward ? jump > 0 : jump < 0);
      });
      const row = rows[patient.random.integer(Math.max(1, rows.length))];
      if (row === undefined) return null;
      const sound = values.slice();
      const spoilt = spoil(values, row, rowsOf(patient, 1));
      // A file may hold the fault already.
      return values.every((value, i) => Object.is(value, sound[i])) ? null : spoilt;
    },
  };
}
