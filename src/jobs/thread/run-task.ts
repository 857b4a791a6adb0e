import { performance } from 'node:perf_hooks';
import { messageOf } from '../../core/errors.js';
import type { Forecast } from '../../core/forecast.js';
import { horizonOf } from '../../core/history.js';
import { anomalySensitivity } from '../../evaluate/anomaly.js';
import { toPastForecast } from '../../evaluate/backtest.js';
import { crossValidate, type CrossValidation } from '../../evaluate/cross-validate.js';
import {
  disposeBundle,
  restoreBundle,
  saveBundle,
  type Bundle,
  type SavedBundle,
} from '../../forecast/bundle.js';
import { explainChange } from '../../forecast/explain-change.js';
import { explainForecast } from '../../forecast/explain.js';
import {
  issueForecast,
  issueParts,
  type IssueOptions,
  type IssueParts,
} from '../../forecast/issue-forecast.js';
import { knownHistory } from '../../forecast/known-history.js';
import { trainBundle } from '../../forecast/train-bundle.js';
import {
  actualWeather,
  firstWhole,
  modelWeather,
  runWeather,
  type WeatherReader,
} from '../../forecast/weather.js';
import { allMembers, membersByName } from '../../models/all-members.js';
import { checkpointFiles } from '../training-checkpoints.js';
import type {
  AnomalyTask,
  CrossValidateTask,
  ExplainTask,
  IssueRequest,
  IssueTask,
  Task,
  TaskResults,
  TrainTask,
} from './tasks.js';
import { trainingReporter, type Report } from './training-reporter.js';

/** Runs one task to its end on the calling thread. */
export async function runTask(task: Task, report: Report): Promise<TaskResults[Task['kind']]> {
  if (task.kind === 'train') return train(task, report);
  if (task.kind === 'issue') return issue(task, report);
  if (task.kind === 'explain') return explain(task, report);
  return task.kind === 'anomaly' ? anomaly(task, report) : crossValidation(task, report);
}

async function train(task: TrainTask, report: Report): Promise<SavedBundle> {
  const training = trainingReporter(report);
  const { checkpointsFolder } = task;
  const bundle = await trainBundle({
    ...task,
    members: membersByName(task.members, task.lstm),
    weather: weatherOf(task),
    temperatureSource: task.weather,
    elapsedSeconds: () => performance.now() / 1000,
    ...training,
    ...(checkpointsFolder === undefined
      ? {}
      : {
          checkpoints: checkpointFiles(checkpointsFolder, (problem) => {
            training.note(problem);
          }),
        }),
  });
  const saved = saveBundle(bundle);
  disposeBundle(bundle);
  return saved;
}

async function crossValidation(task: CrossValidateTask, report: Report): Promise<CrossValidation> {
  return crossValidate({
    ...task,
    members: membersByName(task.members, task.lstm),
    weather: weatherOf(task),
    elapsedSeconds: () => performance.now() / 1000,
    ...trainingReporter(report),
  });
}

function weatherOf(task: TrainTask | CrossValidateTask): WeatherReader {
  const { weather, weatherRuns, history, seed } = task;
  const horizonHours = horizonOf(history);
  return weather === 'actual'
    ? actualWeather(history.temperature, horizonHours)
    : firstWhole(
        runWeather(weatherRuns, horizonHours),
        modelWeather(history.temperature, history.place.zone, seed, horizonHours),
      );
}

async function issue(task: IssueTask, report: Report): Promise<Forecast[]> {
  const { bundle, withoutBundle } = await restoreOrReason(task);
  const known = [...task.earlier];
  const issued: Forecast[] = [];
  for (const [index, request] of task.requests.entries()) {
    report({ phase: 'forecasts', step: index + 1, steps: task.requests.length });
    const forecast = issueForecast({
      ...issueOptions(task, request, bundle, known),
      ...(withoutBundle === null ? {} : { withoutBundle }),
    });
    known.push(forecast);
    issued.push(forecast);
  }
  if (bundle) disposeBundle(bundle);
  return issued;
}

function issueOptions(
  task: IssueTask,
  request: IssueRequest,
  bundle: Bundle | null,
  known: readonly Forecast[],
): IssueOptions {
  const before = known.filter((earlier) => earlier.issuedAtMs < request.issuedAtMs);
  return {
    seriesId: task.seriesId,
    kind: task.forecastKind,
    history: knownHistory(
      task.everything,
      request.issuedAtMs,
      // What has arrived is in the history; only a replay pretends to know less.
      task.forecastKind === 'replay' ? task.loadDelayHours : 0,
      request.horizonTemperature,
    ),
    events: task.events,
    issuedAtMs: request.issuedAtMs,
    createdAtMs: task.createdAtMs,
    temperatureSource: request.temperatureSource,
    scenarios: request.scenarios ?? [],
    reportingDelayHours: task.loadDelayHours,
    bundle,
    past: before.filter((earlier) => earlier.members.length > 0).map(toPastForecast),
    previous: before.at(-1) ?? null,
  };
}

async function explain(task: ExplainTask, report: Report): Promise<TaskResults['explain']> {
  report({ phase: 'explanation' });
  const restored: Bundle[] = [];
  const partsOf = async (of: IssueTask): Promise<IssueParts | null> => {
    const { bundle } = await restoreOrReason(of);
    const [request] = of.requests;
    if (!bundle || !request) return null;
    restored.push(bundle);
    return issueParts(issueOptions(of, request, bundle, of.earlier));
  };
  try {
    const parts = await partsOf(task.issue);
    const before = task.before ? await partsOf(task.before) : null;
    return {
      explanation: parts && explainForecast(parts),
      change: parts && before && explainChange(before, parts),
    };
  } finally {
    for (const bundle of restored) disposeBundle(bundle);
  }
}

/** Models that cannot be restored, of another version say, must not keep a forecast from being issued. */
async function restoreOrReason(
  task: IssueTask,
): Promise<{ bundle: Bundle | null; withoutBundle: string | null }> {
  if (!task.bundle) return { bundle: null, withoutBundle: task.withoutBundle };
  try {
    return { bundle: await restoreBundle(task.bundle, allMembers), withoutBundle: null };
  } catch (error) {
    return { bundle: null, withoutBundle: `the models cannot be used: ${messageOf(error)}` };
  }
}

async function anomaly(task: AnomalyTask, report: Report): Promise<TaskResults['anomaly']> {
  report({ phase: 'anomaly sensitivity' });
  const bundle = await restoreBundle(task.bundle, allMembers);
  const result = anomalySensitivity({
    ...task,
    bundle,
    weather: actualWeather(task.everything.temperature, horizonOf(task.everything)),
  });
  disposeBundle(bundle);
  return result;
}
