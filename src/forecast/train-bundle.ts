import type { AccuracyByLead } from '../core/evaluation.js';
import { horizonOf, type History, type TemperatureSource } from '../core/history.js';
import { endMs } from '../core/hourly.js';
import type { MemberCard, ModelCard } from '../core/model-card.js';
import { hourMs, isoUtc } from '../core/time.js';
import { scorePastForecasts, type PastForecast } from '../ensemble/past-forecast.js';
import { buildFeatureTable } from '../features/build-feature-table.js';
import type { CalendarTable, FeatureTable } from '../features/feature-table.js';
import { chronologicalSplit } from '../features/split.js';
import type { SavedMember } from '../models/member.js';
import type { Bundle } from './bundle.js';
import { fitMembers, type FitMembersOptions, type FittedMembers } from './fit-members.js';
import { atLevel, levelsOf, type Levels } from './levels.js';
import { scoreByLead } from './score.js';
import { dailyOrigins, historyBefore, historyCalendar, outOfSampleForecasts } from './split-run.js';
import type { WeatherReader } from './weather.js';

/** least history for a split run: below it the members are fitted once, with the recipe's own numbers */
const splitHours = 16 * 7 * 24;

export interface TrainOptions extends Omit<
  FitMembersOptions,
  'validationStart' | 'steps' | 'previous'
> {
  readonly seriesId: string;
  readonly history: History;
  readonly trainedAtMs: number;
  /** temperature of the horizon in the split run, and what it is */
  readonly weather: WeatherReader;
  readonly temperatureSource: TemperatureSource;
  /** shares of training, validation and test, in any unit; default 7 : 2 : 1 */
  readonly shares?: readonly [training: number, validation: number, test: number];
  /**
   * Models that the serving fit starts from. The split run never does: they have seen the hours that it is tested on.
   */
  readonly warmStart?: readonly SavedMember[];
  readonly onPhase?: (phase: TrainingPhase) => void;
}

export type TrainingPhase = 'split run' | 'out-of-sample forecasts' | 'serving fit';

/** What the split run found: numbers of steps, and forecasts that nobody had seen the truth of. */
export interface SplitRun {
  readonly validationStartMs: number;
  readonly testStartMs: number;
  readonly members: FittedMembers;
  readonly past: readonly PastForecast[];
}

/**
 * Trains every member on one history: a split run on the first 70 % finds the number of training steps, gives start
 * weights and error quantiles on the next 20 % and the model card's figures on the last 10 %; then all members are
 * fitted again on everything.
 */
export async function trainBundle(options: TrainOptions): Promise<Bundle> {
  const { history } = options;
  const calendar = historyCalendar(history);
  const levels = levelsOf(history, calendar);
  const table = trainingTable(history, calendar, levels);
  const split = await splitRun(options, table, calendar);
  for (const member of split?.members.fitted ?? []) member.dispose(); // facts, curves and steps stay
  options.onPhase?.('serving fit');
  const serving = await fitMembers(table, {
    ...options,
    validationStart: null,
    steps: stepsFound(split),
    ...(options.warmStart ? { previous: options.warmStart } : {}),
    ...checkpointsOf(options, 'serving'),
  });
  const id = `${options.seriesId}-${isoUtc(endMs(history.load)).replace(/[-:]/g, '')}-${options.trainedAtMs.toString(36)}`;
  const card = modelCard(id, options, { table, levels }, split, serving);
  return { id, card, fitted: serving.fitted, past: split?.past ?? [] };
}

/** Steps by member name; empty without a split run. */
export function stepsFound(split: SplitRun | null): Record<string, number | null> {
  return Object.fromEntries(
    (split?.members.fitted ?? []).map((member) => [member.name, member.steps]),
  );
}

/** Everything known as one table without a horizon, at one level. */
export function trainingTable(
  history: History,
  calendar: CalendarTable,
  levels?: Levels,
): FeatureTable {
  const untilMs = endMs(history.load);
  return buildFeatureTable({
    history: levels ? atLevel(history, levels) : history,
    issuedAtMs: untilMs,
    endMs: untilMs,
    calendar,
  });
}

/** Null where the history is too short for one. The fitted members are the caller's to dispose of. */
export async function splitRun(
  options: TrainOptions,
  table: FeatureTable,
  calendar: CalendarTable,
): Promise<SplitRun | null> {
  if (table.originIndex < splitHours) return null;
  options.onPhase?.('split run');
  const { validationStart, testStart } = chronologicalSplit(
    table.calendar,
    table.originIndex,
    options.shares,
  );
  const validationStartMs = table.startMs + validationStart * hourMs;
  const testStartMs = table.startMs + testStart * hourMs;
  const fitHistory = historyBefore(options.history, testStartMs);
  const levels = levelsOf(fitHistory, calendar);
  const fitTable = trainingTable(fitHistory, calendar, levels);
  const members = await fitMembers(fitTable, {
    ...options,
    validationStart: Math.round((validationStartMs - fitTable.startMs) / hourMs),
    steps: {},
    ...checkpointsOf(options, 'split'),
  });
  options.onPhase?.('out-of-sample forecasts');
  const { zone } = options.history.place;
  const past = outOfSampleForecasts({
    everything: options.history,
    fitted: members.fitted,
    levels,
    origins: dailyOrigins(
      zone,
      validationStartMs,
      endMs(options.history.load),
      options.issueTimes,
      horizonOf(options.history),
    ),
    loadDelayHours: options.loadDelayHours,
    weather: options.weather,
    calendar,
  });
  return { validationStartMs, testStartMs, members, past };
}

/** The two fits of a member are trainings of their own. */
function checkpointsOf(
  { checkpoints }: TrainOptions,
  fit: 'split' | 'serving',
): Pick<FitMembersOptions, 'checkpoints'> {
  return checkpoints ? { checkpoints: (name) => checkpoints(`${fit}-${name}`) } : {};
}

function modelCard(
  bundleId: string,
  options: TrainOptions,
  { table, levels }: { readonly table: FeatureTable; readonly levels: Levels },
  split: SplitRun | null,
  serving: FittedMembers,
): ModelCard {
  const tested = split
    ? scorePastForecasts(
        split.past.filter((forecast) => forecast.issuedAtMs >= split.testStartMs),
        options.history.load,
      )
    : [];
  const test = (mw: (forecast: PastForecast) => Float64Array | undefined): AccuracyByLead | null =>
    tested.length > 0 ? scoreByLead(tested, mw) : null;
  return {
    bundleId,
    seriesId: options.seriesId,
    trainedAtMs: options.trainedAtMs,
    seed: options.seed,
    firstHourMs: table.startMs,
    endMs: endMs(options.history.load),
    validationStartMs: split?.validationStartMs ?? null,
    testStartMs: split?.testStartMs ?? null,
    temperatureSource: options.temperatureSource,
    levelShifts: levels.shifts,
    members: options.members.map((member): MemberCard => {
      const fitted = serving.fitted.find((candidate) => candidate.name === member.name);
      const failure = serving.failures[member.name];
      const trial = split?.members.fitted.find((candidate) => candidate.name === member.name);
      return {
        name: member.name,
        version: `${member.name}-${bundleId.slice(options.seriesId.length + 1)}`,
        facts: fitted?.facts ?? {},
        notFitted: failure ?? null,
        fitSeconds: serving.seconds[member.name] ?? 0,
        curves: [...(trial?.curves ?? []), ...(fitted?.curves ?? [])],
        test: fitted ? test((forecast) => forecast.memberMw[member.name]) : null,
      };
    }),
    test: test((forecast) => forecast.blendMw),
    testNaive: test((forecast) => forecast.memberMw['naive']),
  };
}
