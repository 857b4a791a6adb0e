import { hourMs } from '../../src/core/time.js';
import { warningKinds } from '../../src/core/load-mark.js';
import { inspectLoad } from '../../src/features/quality/inspect-load.js';
import { readSeries, seriesFiles, toInspect } from './load-series.js';

/** Days on which the load was far from usual and yet right: known from the weather, the news or the calendar. */
const genuine: readonly (readonly [
  series: keyof typeof seriesFiles,
  fromDate: string,
  toDate: string,
  name: string,
])[] = [
  ['victoria', '2014-01-13', '2014-01-18', 'heat wave of Melbourne, four days above 41 °C'],
  ['victoria', '2013-01-03', '2013-01-06', 'heat of January 2013'],
  ['victoria', '2013-03-04', '2013-03-14', 'nine days above 30 °C, March 2013'],
  ['victoria', '2012-12-24', '2012-12-28', 'Christmas 2012'],
  ['victoria', '2013-12-24', '2013-12-28', 'Christmas 2013'],
  ['victoria', '2014-04-17', '2014-04-27', 'Easter and ANZAC Day 2014'],
  ['victoria', '2013-11-04', '2013-11-07', 'Melbourne Cup 2013'],
  ['isone', '2006-07-31', '2006-08-05', 'highest load of New England, 2 August 2006'],
  ['isone', '2008-12-11', '2008-12-16', 'ice storm of December 2008'],
  ['isone', '2011-07-21', '2011-07-25', 'heat of 22 July 2011'],
  ['isone', '2011-08-27', '2011-08-31', 'hurricane Irene'],
  ['isone', '2011-10-29', '2011-11-03', 'snow storm of October 2011'],
  ['isone', '2012-10-29', '2012-11-02', 'hurricane Sandy'],
  ['isone', '2013-02-08', '2013-02-12', 'blizzard of February 2013'],
  ['isone', '2013-07-14', '2013-07-21', 'heat wave of July 2013'],
  ['isone', '2014-01-06', '2014-01-09', 'cold wave of January 2014'],
  ['isone', '2013-11-27', '2013-12-01', 'Thanksgiving 2013'],
  ['isone', '2013-12-24', '2013-12-27', 'Christmas 2013'],
  ['isone', '2014-07-03', '2014-07-06', 'Independence Day and hurricane Arthur 2014'],
];

export interface ExtremeJudgement {
  readonly name: string;
  readonly from: string;
  /** hours whose values would be left out */
  readonly doubted: number;
}

/** How many hours of genuine extremes the inspection doubts. */
export function judgeExtremes(): ExtremeJudgement[] {
  return [...new Set(genuine.map(([key]) => key))].flatMap((key) => {
    const series = readSeries(seriesFiles[key]);
    if (!series) return [];
    const { history, readings } = toInspect(series, series.values);
    const doubts = inspectLoad(history, readings).filter(({ kind }) => !warningKinds.has(kind));
    return genuine
      .filter(([each]) => each === key)
      .map(([, from, to, name]) => ({
        name: `${series.name}: ${name}`,
        from,
        doubted: doubts.reduce(
          (sum, { startMs, endMs }) =>
            sum +
            Math.max(0, Math.min(endMs, Date.parse(to)) - Math.max(startMs, Date.parse(from))) /
              hourMs,
          0,
        ),
      }));
  });
}
