import { localDate } from '../../core/time.js';
import { clockChanges } from './clock-changes.js';
import { misfitsOf, mostHours, partsOfDays, type DayRows } from './day-misfit.js';
import type { Inspection, RowFinding } from './inspection.js';
import { rowsOf } from './load-grid.js';
import { medianOf } from './median.js';

/** Days looked at from the first on that fits a displacement, those that must fit it, and the share of misfit it may leave. */
const near = { days: 5, agreeing: 4, mostLeft: 0.7 };
/** The same where it is so long that morning and evening peak may be confused. */
const far = { hours: 6, days: 6, agreeing: 5, mostLeft: 0.45 };
/** What it leaves may exceed the misfit of an ordinary day by so much. */
const mostOverUsual = 2;
const usualDays = 60;

/** From `row` on the course of a day comes `hours` later than it did at the start of the series. */
interface Turn {
  readonly row: number;
  readonly before: number;
  readonly hours: number;
}

/**
 * Stretches over which the course of the day comes hours late or early against the weeks before: another zone, or stamps
 * that mark the other end of the interval.
 */
export function findDisplaced(inspection: Inspection): RowFinding[] {
  const { grid, place, scale } = inspection;
  const rows = grid.values.length;
  const turns = turnsOf(inspection);
  // A series around zero follows the sun, to which a clock change is nothing.
  const sunTurns = scale.kind === 'range' ? clockChanges(grid).map(({ row }) => row) : [];
  return turns.flatMap(({ row, hours }, i) => {
    const isSun = sunTurns.some((change) => Math.abs(change - row) <= rowsOf(grid, 72));
    if (hours === 0 || isSun) return [];
    const to = turns[i + 1]?.row ?? rows;
    const date = localDate(grid.startMs + row * grid.stepMs, place.zone);
    const how = `${Math.abs(hours)} h ${hours > 0 ? 'late' : 'early'}`;
    const span = to === rows ? `from ${date} on` : `from ${date} until it returns`;
    return [
      {
        kind: 'displaced',
        from: row,
        to,
        lateHours: hours,
        reason: `${span}, the course of the day comes ${how} against the weeks before: another time zone, or stamps that mark the other end of the interval`,
      },
    ];
  });
}

function turnsOf(inspection: Inspection): Turn[] {
  const { grid } = inspection;
  const days = partsOfDays(grid);
  const hoursOfRow = new Int8Array(grid.values.length);
  const misfits = (day: DayRows): Float64Array =>
    misfitsOf(inspection, day, (row) => hoursOfRow[row]!);
  const usual: number[] = [];
  const turns: Turn[] = [];
  let now = 0;
  let known = new Map<number, Float64Array>();
  const misfitsAt = (day: number): Float64Array => {
    const found = known.get(day) ?? misfits(days[day]!);
    known.set(day, found);
    return found;
  };
  days.forEach(({ from, to }, day) => {
    hoursOfRow.fill(now, from, to);
    const today = misfitsAt(day);
    const misfit = today[now + mostHours]!;
    if (Number.isNaN(misfit)) return;
    const hours = bestOf(today);
    if (hours === now || usual.length < 7) {
      usual.push(misfit);
      return;
    }
    const run: Float64Array[] = [];
    for (let next = day; next < days.length && run.length < demandsOn(hours - now).days; next++)
      if (!Number.isNaN(misfitsAt(next)[0]!)) run.push(misfitsAt(next));
    const recent = Float64Array.from(usual.slice(-usualDays));
    if (!isTurn(run, now, hours, medianOf(recent, recent.length))) return;
    turns.push({ row: from, before: now, hours });
    now = hours;
    hoursOfRow.fill(now, from, to);
    known = new Map();
  });
  return turns;
}

function demandsOn(hours: number): typeof near {
  return Math.abs(hours) > far.hours ? far : near;
}

function isTurn(run: readonly Float64Array[], now: number, hours: number, usual: number): boolean {
  const { days, agreeing, mostLeft } = demandsOn(hours - now);
  if (run.length < days) return false;
  const sum = run.reduce((total, day) => total.map((value, i) => value + day[i]!));
  const [as, left] = [sum[now + mostHours]!, sum[hours + mostHours]!];
  const fitting = run.filter((day) => day[hours + mostHours]! < day[now + mostHours]!);
  return (
    fitting.length >= agreeing &&
    bestOf(sum) === hours &&
    left <= mostLeft * as &&
    left <= mostOverUsual * usual * days
  );
}

function bestOf(misfits: Float64Array): number {
  let best = 0;
  for (let i = 1; i < misfits.length; i++) if (misfits[i]! < misfits[best]!) best = i;
  return best - mostHours;
}
