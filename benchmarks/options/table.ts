import type { DoneRun, Mape } from './runs.js';

/** One row of the table: the runs of an option, one for each seed. */
export interface OptionRow {
  readonly option: string;
  readonly runs: readonly (Pick<DoneRun, 'mape' | 'seconds' | 'parameters' | 'steps'> & {
    /** seeds of its networks: a run is compared with the base's of the same seeds */
    readonly seeds: readonly number[];
  })[];
  readonly failures: readonly string[];
}

/** Markdown: what each option brings in MAPE and seconds. */
export function optionTable(rows: readonly OptionRow[], base: OptionRow | undefined): string {
  const header = [
    'option',
    'MAPE % (least–most of the seeds)',
    'against base',
    'lead day 1 / 2 / 3',
    'training s',
    'steps',
    'parameters',
  ];
  const lines = rows.map((row) => {
    if (row.runs.length === 0) return [row.option, row.failures.join('; '), '', '', '', '', ''];
    const all = row.runs.map((run) => run.mape.all);
    const difference = base && meanDifference(row, base);
    const failed = row.failures.length > 0 ? `, ${row.failures.length} failed` : '';
    return [
      row.option,
      `${mean(all).toFixed(3)} (${Math.min(...all).toFixed(3)}–${Math.max(...all).toFixed(3)})${failed}`,
      difference === undefined || row === base ? '' : signed(difference),
      leadDays(row.runs.map((run) => run.mape)),
      mean(row.runs.map((run) => run.seconds)).toFixed(0),
      mean(row.runs.map((run) => run.steps)).toFixed(0),
      String(row.runs[0]?.parameters ?? ''),
    ];
  });
  const cells = [header, header.map(() => '---'), ...lines];
  return cells.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** Over the runs whose seeds the base has too, each less the base's mean over those seeds. */
function meanDifference(row: OptionRow, base: OptionRow): number | undefined {
  const differences = row.runs.flatMap((run) => {
    const same = base.runs.filter((other) => other.seeds.every((seed) => run.seeds.includes(seed)));
    if (same.length < run.seeds.length) return [];
    return [run.mape.all - mean(same.map((other) => other.mape.all))];
  });
  return differences.length > 0 ? mean(differences) : undefined;
}

function leadDays(mapes: readonly Mape[]): string {
  const days = ['day1', 'day2', 'day3'] as const;
  return days.map((day) => mean(mapes.map((mape) => mape[day])).toFixed(2)).join(' / ');
}

function signed(difference: number): string {
  return `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(3)}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
