import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { judgeExtremes } from './data-quality/extremes.js';
import { falseAlarms, findInjected, type FoundShare } from './data-quality/injected.js';
import { judgeLabels } from './data-quality/labels.js';
import { cutSeries, readSeries, seriesFiles, type LoadSeries } from './data-quality/load-series.js';

/**
 * What the inspection of loads finds: seeded faults of every kind put into vic_elec and isone, the faults of
 * north_macedonia that were labelled by hand, and days that are extreme but genuine.
 * `npm run benchmark:data-quality -- [--placements 24] [--seed 1] [--json FILE]`
 */

const { values: options } = parseArgs({
  options: {
    placements: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});

interface Part {
  readonly series: LoadSeries;
  /** thresholds were chosen on `training`; `test` was looked at afterwards */
  readonly name: 'training' | 'test';
  readonly fromMs: number;
  readonly toMs: number;
}

const parts = [
  ...partsOf(seriesFiles.victoria, '2012-01-01', '2014-01-01', '2015-01-01'),
  ...partsOf(seriesFiles.victoriaNative, '2012-01-01', '2014-01-01', '2015-01-01'),
  ...partsOf(seriesFiles.isone, '2010-01-01', '2013-01-01', '2015-01-01'),
];
const injected = parts.map((part) => {
  const { series, name, fromMs, toMs } = part;
  const alarms = falseAlarms(series, part).map(({ kind, startMs }) => ({
    kind,
    start: new Date(startMs).toISOString(),
  }));
  const found = findInjected(series, part, Number(options.placements), Number(options.seed));
  const result = { series: series.name, part: name, years: yearsOf(fromMs, toMs), alarms, found };
  printInjected(result);
  return result;
});
const macedonia = readSeries(seriesFiles.northMacedonia);
const labels = macedonia && (await judgeLabels(macedonia));
if (labels) {
  const { found, missed, falseHours } = labels;
  const counts = `found ${found.length}, missed ${missed.length}`;
  console.log(`\nnorth_macedonia, labelled by hand: ${counts}, false in ${falseHours} h`);
  for (const { kind, start, comment } of missed)
    console.log(`  missed ${kind} of ${start}: ${comment}`);
  for (const { kind, startMs, reason } of labels.false)
    console.log(`  false ${kind} of ${new Date(startMs).toISOString()}: ${reason}`);
}
const extremes = judgeExtremes();
console.log(
  `\nGenuine extremes: ${extremes.length}, doubted ${extremes.filter(({ doubted }) => doubted > 0).length}`,
);
for (const { name, doubted } of extremes)
  console.log(`  ${doubted === 0 ? 'kept' : `${doubted} h doubted`}: ${name}`);
if (options.json)
  await writeFile(options.json, `${JSON.stringify({ injected, labels, extremes }, null, 2)}\n`);

function partsOf(
  file: (typeof seriesFiles)[keyof typeof seriesFiles],
  from: string,
  split: string,
  to: string,
): Part[] {
  const series = readSeries(file);
  if (!series) return [];
  const fromMs = Date.parse(from);
  const splitMs = Date.parse(split);
  const toMs = Date.parse(to);
  return [
    { series: cutSeries(series, fromMs, splitMs), name: 'training', fromMs, toMs: splitMs },
    { series: cutSeries(series, fromMs, Infinity), name: 'test', fromMs: splitMs, toMs },
  ];
}

function yearsOf(fromMs: number, toMs: number): number {
  return (toMs - fromMs) / (365.25 * 86_400_000);
}

function printInjected(result: {
  readonly series: string;
  readonly part: string;
  readonly years: number;
  readonly alarms: readonly { readonly kind: string; readonly start: string }[];
  readonly found: readonly FoundShare[];
}): void {
  const perYear = (result.alarms.length / result.years).toFixed(1);
  console.log(`\n${result.series}, ${result.part} part: ${perYear} false alarms a year`);
  for (const { kind, start } of result.alarms) console.log(`  false ${kind} of ${start}`);
  for (const { name, found, mislabelled, faults } of result.found.filter((row) => row.faults > 0))
    console.log(
      `  ${name.padEnd(34)} ${percent(found, faults)} found, ${percent(mislabelled, faults)} as another kind (${faults})`,
    );
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(0).padStart(4)} %`;
}
