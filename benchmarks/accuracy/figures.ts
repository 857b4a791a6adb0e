import type { Accuracy } from '../../src/core/evaluation.js';
import { finiteMean } from '../../src/core/metrics.js';
import { accuracyOf, breakdown } from '../../src/evaluate/breakdown.js';
import { dieboldMariano, type DieboldMariano } from '../../src/evaluate/diebold-mariano.js';
import { bandFigures, type BandFigures } from './band-figures.js';
import { blendAnew, leastSquares, plainMean } from './compare.js';
import { mlPoly } from './ml-poly.js';
import {
  blendOf,
  memberOf,
  naiveOf,
  scoredHours,
  type DayHour,
  type ForecastColumn,
  type StoredYear,
} from './stored-year.js';
import { pathFigures, type PathFigures } from './path-figures.js';
import { worstDays, type WorstDay } from './worst-days.js';

/** One line of the leaderboard. */
export interface ColumnFigures {
  readonly name: string;
  readonly all: Accuracy;
  /** lead day 1, 2, 3; at the desk D+1, D+2 */
  readonly byDay: readonly Accuracy[];
  /** MAE / MAE of seasonal naive */
  readonly ratioToNaive: number;
  /** against the blend: above 0 the blend is better; null for the blend itself */
  readonly test: DieboldMariano | null;
}

/** Everything that is said of one back-test. */
export interface YearFigures {
  readonly set: string;
  readonly year: number;
  readonly procedure: string;
  readonly origins: number;
  readonly seconds: number;
  readonly peakMemoryMb: number;
  /** the blend, its members, seasonal naive */
  readonly columns: readonly ColumnFigures[];
  /** the same members blended otherwise, each learned online from equal weights */
  readonly blends: readonly ColumnFigures[];
  /** the blend's quantiles made otherwise */
  readonly bands: readonly BandFigures[];
  /** the product's weights without one member each */
  readonly without: readonly ColumnFigures[];
  /** mean weights by member and lead day, and by quarter on lead day 1 */
  readonly weights: readonly MemberWeights[];
  readonly groups: ReturnType<typeof breakdown>;
  /** MAPE of each column by kind of day: what special days cost the members */
  readonly days: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** how often what the paths say held, %; null where the hours are not those of the lead days */
  readonly paths: PathFigures | null;
  readonly worst: readonly WorstDay[];
}

export interface MemberWeights {
  readonly name: string;
  readonly byLeadDay: readonly number[];
  readonly byQuarter: readonly number[];
}

const baseline = 'naive';

export function figuresOf(year: StoredYear): YearFigures {
  const { run, members } = year;
  const naive = scoredHours(year, naiveOf(year));
  const blend = scoredHours(year, blendOf(year));
  const naiveMae = accuracyOf(naive.flat()).mae;
  const losses = lossesOf(blend);
  const line = (name: string, hours: readonly DayHour[][]): ColumnFigures => {
    const flat = hours.flat();
    const all = accuracyOf(flat);
    const days = [...new Set(flat.map(({ day }) => day))].sort((a, b) => a - b);
    return {
      name,
      all,
      byDay: days.map((day) => accuracyOf(flat.filter((hour) => hour.day === day))),
      ratioToNaive: all.mae / naiveMae,
      test: hours === blend ? null : dieboldMariano(lossesOf(hours), losses),
    };
  };
  const lineOf = (name: string, column: ForecastColumn): ColumnFigures =>
    line(name, scoredHours(year, column));
  const modelled = members.filter((name) => name !== baseline);
  const anew = leastSquares(year);
  return {
    set: run.set.key,
    year: run.year,
    procedure: run.procedure,
    origins: year.forecasts.length,
    seconds: run.seconds,
    peakMemoryMb: run.peakMemoryMb,
    columns: [
      line('blend', blend),
      ...modelled.map((name) => lineOf(name, memberOf(year, name))),
      line('same hour a week ago', naive),
    ],
    blends: [
      lineOf('least squares on the simplex', blendAnew(year, modelled, anew)),
      lineOf('ML-Poly', blendAnew(year, modelled, mlPoly())),
      lineOf('plain mean', blendAnew(year, modelled, plainMean)),
    ],
    bands: bandFigures(year),
    without: modelled.map((left) =>
      lineOf(
        `without ${left}`,
        blendAnew(
          year,
          modelled.filter((name) => name !== left),
          anew,
        ),
      ),
    ),
    weights: members.map((name) => weightsOf(year, name)),
    groups: breakdown(blend.flat(), year.history.place),
    days: Object.fromEntries(
      [
        ['blend', blend] as const,
        ...modelled.map((name) => [name, scoredHours(year, memberOf(year, name))] as const),
        ['naive', naive] as const,
      ].map(([name, hours]) => [name, mapeByDay(hours.flat(), year)]),
    ),
    paths: run.procedure === 'midnight' ? pathFigures(year) : null,
    worst: worstDays(year, blend),
  };
}

function mapeByDay(hours: readonly DayHour[], year: StoredYear): Record<string, number> {
  const { day } = breakdown(hours, year.history.place);
  return Object.fromEntries(day.map(({ label, figures }) => [label, figures.mape]));
}

/** Mean absolute error of each forecast, MW. */
function lossesOf(hours: readonly DayHour[][]): number[] {
  return hours.map((ofForecast) => accuracyOf(ofForecast).mae);
}

function weightsOf({ forecasts }: StoredYear, name: string): MemberWeights {
  const onDay = (day: number, part = forecasts): number =>
    finiteMean(part.map(({ weights }) => weights[name]?.[day] ?? 0));
  const quarter = (q: number): typeof forecasts =>
    forecasts.slice((q * forecasts.length) / 4, ((q + 1) * forecasts.length) / 4);
  return {
    name,
    byLeadDay: [0, 1, 2].map((day) => onDay(day)),
    byQuarter: [0, 1, 2, 3].map((q) => onDay(0, quarter(q))),
  };
}
