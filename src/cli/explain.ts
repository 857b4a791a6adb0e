import type { Command } from 'commander';
import { hourMs, isoUtc, localDate } from '../core/time.js';
import { inputGroups } from '../forecast/explain.js';
import { changeGroups } from '../forecast/explain-change.js';
import { explainStored, type ExplainedForecast } from '../jobs/explain-forecast.js';
import { printLine, writeJson, type JsonTarget } from './json-output.js';
import { runWatched } from './run-watched.js';
import { chosenSeries, seriesCommand, withWorkplace } from './series-command.js';
import { significant } from './significant.js';

interface ExplainOptions {
  readonly series?: string;
  readonly forecast?: string;
  readonly json?: JsonTarget;
}

const groupTitles = {
  calendar: 'weekday',
  temperature: 'temperature',
  recentLoad: 'recent load',
  holiday: 'holidays',
} as const;

export function registerExplain(program: Command): void {
  seriesCommand(
    program,
    'explain',
    'what calendar, temperature, recent load and holidays make of a forecast, and what is new in it',
  )
    .option('--forecast <id>', 'of a stored forecast (default: the newest)')
    .action(explain);
}

async function explain(name: string | undefined, options: ExplainOptions): Promise<void> {
  await withWorkplace(async (workplace) => {
    const series = await chosenSeries(workplace, name ?? options.series);
    const explained = await runWatched(`Explain a forecast of ${series.name}`, (control) =>
      explainStored(workplace.services, series, options.forecast, control),
    );
    if (options.json !== true) print(options.json, explained, series.place.zone);
    await writeJson(options.json, bodyOf(explained));
  });
}

function print(
  json: JsonTarget,
  { forecast, explanation, change }: ExplainedForecast,
  zone: string,
): void {
  printLine(json, `Forecast ${forecast.id}, mean of each day in MW`);
  for (const day of daysOf(forecast.issuedAtMs, explanation.blendMw.length, zone)) {
    const mean = (values: Float64Array): number => meanOf(values, day.from, day.to);
    const blend = mean(explanation.blendMw);
    const parts = inputGroups.map(
      (group) => `${groupTitles[group]} ${signed(mean(explanation.partsMw[group]), blend)}`,
    );
    printLine(
      json,
      `  ${day.date} (${day.to - day.from} h): ${significant(blend)} = typical ${significant(mean(explanation.typicalMw))}, ${parts.join(', ')}`,
    );
  }
  printLine(
    json,
    '  typical: a Wednesday with the usual temperature of the season, after ten usual weeks',
  );
  if (explanation.leftOut.length > 0)
    printLine(json, `  without ${explanation.leftOut.join(', ')}, which gave no answer`);
  if (!change) {
    printLine(json, 'There is no forecast before it to compare with.');
    return;
  }
  printLine(json, 'New since the forecast before it:');
  for (const day of daysOf(change.startMs, change.laterMw.length, zone)) {
    const mean = (values: Float64Array): number => meanOf(values, day.from, day.to);
    const later = mean(change.laterMw);
    const parts = changeGroups.map(
      (group) => `${group} ${signed(mean(change.partsMw[group]), later)}`,
    );
    printLine(
      json,
      `  ${day.date} (${day.to - day.from} h): ${significant(mean(change.earlierMw))} → ${significant(later)}: ${parts.join(', ')}`,
    );
  }
}

/** Local days, whole or not, as ranges of hours. */
function daysOf(startMs: number, hours: number, zone: string) {
  const days: { readonly date: string; readonly from: number; to: number }[] = [];
  for (let hour = 0; hour < hours; hour++) {
    const date = localDate(startMs + hour * hourMs, zone);
    const day = days.at(-1);
    if (day?.date === date) day.to = hour + 1;
    else days.push({ date, from: hour, to: hour + 1 });
  }
  return days;
}

function meanOf(values: Float64Array, from: number, to: number): number {
  return values.subarray(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
}

/** To the last digit that a value of the size of the forecast shows. */
function signed(value: number, beside: number): string {
  const decimals = Math.max(0, 3 - Math.floor(Math.log10(Math.max(Math.abs(beside), 1e-6))));
  const size = Math.abs(value).toLocaleString('en', { maximumFractionDigits: decimals });
  return `${value < 0 ? '−' : '+'}${size}`;
}

function bodyOf({ forecast, explanation, change }: ExplainedForecast): object {
  return {
    forecastId: forecast.id,
    issuedAt: isoUtc(forecast.issuedAtMs),
    leftOut: explanation.leftOut,
    hours: Array.from(explanation.blendMw, (blendMw, hour) => ({
      validAt: isoUtc(forecast.issuedAtMs + hour * hourMs),
      typicalMw: explanation.typicalMw[hour],
      ...Object.fromEntries(
        inputGroups.map((group) => [`${group}Mw`, explanation.partsMw[group][hour]]),
      ),
      blendMw,
    })),
    change:
      change &&
      Array.from(change.laterMw, (laterMw, hour) => ({
        validAt: isoUtc(change.startMs + hour * hourMs),
        earlierMw: change.earlierMw[hour],
        ...Object.fromEntries(
          changeGroups.map((group) => [`${group}Mw`, change.partsMw[group][hour]]),
        ),
        laterMw,
      })),
  };
}
