import { groupings } from '../../src/evaluate/breakdown.js';
import { dataSets } from '../data-sets.js';
import type { ColumnFigures, YearFigures } from './figures.js';

/** A table of texts, for the terminal and for the page. */
export interface TextTable {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What the protocol's peers and targets are on that year; they hold for the midnight procedure only. */
export function peersOf({ set, year, procedure }: YearFigures) {
  const found = dataSets.find((candidate) => candidate.key === set);
  return procedure === 'midnight' && found?.year === year ? found.peers : null;
}

export function summaryTable(all: readonly YearFigures[]): TextTable {
  return {
    title: 'The blend beside what it is to beat',
    header: [
      'set',
      'procedure',
      'MAPE, %',
      'by day',
      'target',
      'peers’ ensemble',
      'LightGBM',
      'coverage 10–90, %',
      'pinball, %',
      'peers’ pinball',
      's',
      'MB',
    ],
    rows: all.map((figures) => {
      const [blend] = figures.columns;
      const peers = peersOf(figures);
      return [
        `${figures.set} ${figures.year}`,
        figures.procedure,
        fixed(blend?.all.mape, 3),
        (blend?.byDay ?? []).map(({ mape }) => fixed(mape, 2)).join(' / '),
        fixed(peers?.targetMape, 2),
        fixed(peers?.ensembleMape, 2),
        fixed(peers?.lightgbmMape, 2),
        fixed(blend?.all.coverage1090, 1),
        fixed(blend?.all.pinballPct, 3),
        fixed(peers?.ensemblePinballPct, 3),
        fixed(figures.seconds, 0),
        fixed(figures.peakMemoryMb, 0),
      ];
    }),
  };
}

export function columnTable(title: string, columns: readonly ColumnFigures[]): TextTable {
  return {
    title,
    header: [
      'forecast',
      'MAPE, %',
      'by day',
      'MAE / naive',
      'RMSE, MW',
      'bias, MW',
      'DM against the blend',
      'p',
    ],
    rows: columns.map(({ name, all, byDay, ratioToNaive, test }) => [
      name,
      fixed(all.mape, 3),
      byDay.map(({ mape }) => fixed(mape, 2)).join(' / '),
      fixed(ratioToNaive, 3),
      significant(all.rmse),
      significant(all.bias),
      fixed(test?.statistic, 2),
      test ? probability(test.pValue) : '',
    ]),
  };
}

/** What the temperature's errors cost: the desk's error with a forecast beside that with the temperature as it came. */
export function weatherTable(all: readonly YearFigures[]): TextTable | null {
  const rows = all.flatMap((desk) => {
    if (desk.procedure !== 'desk') return [];
    const actual = all.find(
      (other) =>
        other.procedure === 'desk-actual' && other.set === desk.set && other.year === desk.year,
    );
    if (!actual) return [];
    const [a, b] = [desk, actual].map(({ columns }) => columns[0]?.all.mape ?? Number.NaN);
    return [
      [
        `${desk.set} ${desk.year}`,
        fixed(a, 3),
        fixed(b, 3),
        fixed(100 * (a! / b! - 1), 1),
        fixed(100 * (1 - b! / a!), 1),
      ],
    ];
  });
  if (rows.length === 0) return null;
  const header = [
    'set',
    'desk, MAPE %',
    'with the actual temperature',
    'dearer by, %',
    'weather’s share of the error, %',
  ];
  return { title: 'What the weather forecast costs', header, rows };
}

export function groupTables(figures: YearFigures): TextTable[] {
  const titles = {
    lead: 'By lead hour',
    hour: 'By local hour',
    day: 'By kind of day',
    season: 'By season',
    temperature: 'By temperature',
  } as const;
  return groupings.map((grouping) => ({
    title: titles[grouping],
    header: ['', 'hours', 'MAPE, %', 'bias, MW', 'coverage 10–90, %', 'pinball, %'],
    rows: figures.groups[grouping].map(({ label, figures: of }) => [
      label,
      String(of.n),
      fixed(of.mape, 2),
      significant(of.bias),
      fixed(of.coverage1090, 1),
      fixed(of.pinballPct, 3),
    ]),
  }));
}

/** The blend's quantiles with other choices, from the sixty-first forecast on. */
export function bandTable({ bands }: YearFigures): TextTable {
  return {
    title: 'Quantiles made otherwise',
    header: ['', 'pinball, %', 'coverage 10–90, %', 'width, %'],
    rows: bands.map(({ name, pinballPct, coverage1090, widthPct }) => [
      name,
      fixed(pinballPct, 4),
      fixed(coverage1090, 1),
      fixed(widthPct, 2),
    ]),
  };
}

/** MAPE of every column on each kind of day. */
export function dayTable({ days, groups }: YearFigures): TextTable {
  const columns = Object.keys(days);
  return {
    title: 'MAPE by kind of day, %',
    header: ['', 'hours', ...columns],
    rows: groups.day.map(({ label, figures }) => [
      label,
      String(figures.n),
      ...columns.map((name) => fixed(days[name]?.[label], 2)),
    ]),
  };
}

/** How often what the paths say held. */
export function pathTable(all: readonly YearFigures[]): TextTable {
  return {
    title: 'What the paths say of whole days: inside the band from 0.1 to 0.9, %',
    header: ['set', 'days', 'peak', 'energy', 'ramp up', 'ramp down', 'peak hour', 'by chance'],
    rows: all.flatMap(({ set, year, paths }) =>
      paths
        ? [
            [
              `${set} ${year}`,
              String(paths.days),
              ...[paths.peak, paths.energy, paths.rampUp, paths.rampDown].map((share) =>
                fixed(share, 1),
              ),
              fixed(paths.peakHour, 1),
              fixed(paths.peakHourByChance, 1),
            ],
          ]
        : [],
    ),
  };
}

export function weightTable({ weights }: YearFigures): TextTable {
  return {
    title: 'Mean weights',
    header: ['member', 'lead day 1 / 2 / 3', 'lead day 1 by quarter'],
    rows: weights.map(({ name, byLeadDay, byQuarter }) => [
      name,
      byLeadDay.map((weight) => fixed(weight, 2)).join(' / '),
      byQuarter.map((weight) => fixed(weight, 2)).join(' / '),
    ]),
  };
}

export function worstTable({ worst }: YearFigures): TextTable {
  return {
    title: 'The ten worst days',
    header: ['day', 'MAPE, %', 'bias, %', '°C', 'what was odd'],
    rows: worst.map((day) => [
      `${day.weekday} ${day.date}`,
      fixed(day.mape, 1),
      fixed(day.biasPct, 1),
      fixed(day.temperatureC, 0),
      day.remarks.join('; '),
    ]),
  };
}

/** Columns side by side, for a terminal. */
export function asText({ title, header, rows }: TextTable): string {
  const widths = header.map((label, i) =>
    Math.max(label.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [title, line(header), ...rows.map(line)].join('\n');
}

function fixed(value: number | null | undefined, digits: number): string {
  return value !== null && value !== undefined && Number.isFinite(value)
    ? value.toFixed(digits)
    : '';
}

function significant(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : '';
}

function probability(p: number): string {
  if (!Number.isFinite(p)) return '';
  return p < 1e-4 ? '< 0.0001' : p.toFixed(4);
}
