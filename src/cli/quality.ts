import { Option, type Command } from 'commander';
import { LoadcastError } from '../core/errors.js';
import type { LoadMark } from '../core/load-mark.js';
import { isoUtc, type Interval } from '../core/time.js';
import { inspectSeries, judgeHours } from '../jobs/quality/inspect-series.js';
import { settlementOf, type SettlementSummary } from '../jobs/quality/settlement.js';
import { printLine, writeJson, type JsonTarget } from './json-output.js';
import { instantSpan, wholeNumber } from './options.js';
import { chosenSeries, runSeriesJob, seriesCommand, withWorkplace } from './series-command.js';

interface QualityOptions {
  readonly series?: string;
  readonly inspect?: boolean;
  readonly keep?: Interval;
  readonly mask?: Interval;
  readonly withdraw?: number;
  readonly reason?: string;
  readonly json?: JsonTarget;
}

const listedOfKind = 5;

export function registerQuality(program: Command): void {
  seriesCommand(
    program,
    'quality',
    'what is doubtful in the loads of a series and what was done about it; or say which hours are right or wrong',
  )
    .option('--inspect', 'look through all of its loads again first')
    .addOption(
      new Option(
        '--keep <span>',
        'these hours are right, as FROM/TO: 2026-01-01T00:00Z/2026-01-02T00:00Z',
      )
        .argParser(instantSpan)
        .conflicts(['mask', 'withdraw', 'inspect']),
    )
    .addOption(
      new Option(
        '--mask <span>',
        'these hours are wrong: models neither learn from them nor see them',
      )
        .argParser(instantSpan)
        .conflicts(['withdraw', 'inspect']),
    )
    .addOption(
      new Option('--withdraw <id>', 'take a mark back')
        .argParser(wholeNumber(1, Number.MAX_SAFE_INTEGER))
        .conflicts('inspect'),
    )
    .option('--reason <text>', 'of --keep and --mask, for those who read it later')
    .action(quality);
}

async function quality(name: string | undefined, options: QualityOptions): Promise<void> {
  await withWorkplace(async (workplace) => {
    const { services } = workplace;
    const { store } = services;
    const series = await chosenSeries(workplace, name ?? options.series);
    const verdict = verdictOf(options);
    if (options.reason !== undefined && !verdict)
      throw new LoadcastError('INVALID_INPUT', '--reason goes with --keep or --mask.');
    if (verdict) await judgeHours(services, series, verdict.interval, verdict);
    if (options.withdraw !== undefined)
      await store.changeLoadMarks(
        series.id,
        { add: [], withdraw: [options.withdraw] },
        services.nowMs(),
      );
    if (options.inspect === true)
      await runSeriesJob(workplace, 'inspect', series, `Inspect the loads of ${series.name}`, () =>
        inspectSeries(services, series, 0),
      );
    const marks = await store.listLoadMarks(series.id);
    const settlement = await settlementOf(store, series);
    if (options.json !== true)
      for (const line of [...linesOf(series.name, marks), ...settlementLines(settlement)])
        printLine(options.json, line);
    await writeJson(options.json, {
      seriesId: series.id,
      marks: marks.map(jsonOf),
      settlement: settlement && settlementJson(settlement),
    });
  });
}

function verdictOf({ keep, mask, reason = 'said by hand' }: QualityOptions) {
  if (keep) return { interval: keep, treatment: 'keep', reason } as const;
  if (mask) return { interval: mask, treatment: 'mask', reason } as const;
  return null;
}

function linesOf(name: string, marks: readonly LoadMark[]): string[] {
  if (marks.length === 0) return [`Nothing in the loads of ${name} is marked.`];
  const kinds = [...new Set(marks.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const all = marks.filter((mark) => mark.kind === kind);
    const hours = all.reduce((sum, mark) => sum + hoursOf(mark), 0);
    const more = all.length - listedOfKind;
    return [
      `${kind}: ${all.length} (${rounded(hours)} h)`,
      ...all
        .slice(-listedOfKind)
        .map(
          (mark) =>
            `  #${mark.id}  ${isoUtc(mark.startMs)}  ${rounded(hoursOf(mark))} h  ${mark.treatment}  ${mark.reason}`,
        ),
      ...(more > 0 ? [`  … and ${more} before; --json lists them all`] : []),
    ];
  });
}

function settlementLines(settlement: SettlementSummary | null): string[] {
  if (!settlement) return [];
  const { hours, firstMs, endMs, comparedHours, biasPct, differencePct } = settlement;
  const settled = `Settled: ${hours} h from ${isoUtc(firstMs)} to ${isoUtc(endMs)}`;
  return biasPct === null || differencePct === null
    ? [`${settled}.`]
    : [
        `${settled}; against the operational loads of ${comparedHours} h they are ${biasPct >= 0 ? '+' : ''}${biasPct.toFixed(2)} % in the mean, ${differencePct.toFixed(2)} % apart.`,
      ];
}

function settlementJson({ firstMs, endMs, ...figures }: SettlementSummary) {
  return { first: isoUtc(firstMs), end: isoUtc(endMs), ...figures };
}

function hoursOf({ startMs, endMs }: Interval): number {
  return (endMs - startMs) / 3_600_000;
}

function rounded(hours: number): string {
  return String(Math.round(100 * hours) / 100);
}

function jsonOf({ startMs, endMs, madeAtMs, values, ...mark }: LoadMark) {
  const { id, kind, treatment, reason, madeBy } = mark;
  return {
    id,
    kind,
    treatment,
    reason,
    madeBy,
    start: isoUtc(startMs),
    end: isoUtc(endMs),
    madeAt: isoUtc(madeAtMs),
    values: values.map(({ startMs: hourMs, ...value }) => ({ start: isoUtc(hourMs), ...value })),
  };
}
