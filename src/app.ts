import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { createApi } from './api/create-api.js';
import { tensorflowFolder, type Config } from './config.js';
import { LoadcastError, messageOf } from './core/errors.js';
import { defineJobs, scheduleSeries, type JobName, type WatchJob } from './jobs/define-jobs.js';
import { bringUp, ensureFirstForecast, missingJobs } from './jobs/bring-up.js';
import type { JobServices } from './jobs/job-services.js';
import type { TaskProgress } from './core/task-progress.js';
import { folderHasNews } from './jobs/ingest/ingest-folder.js';
import { outlookOf } from './jobs/outlook.js';
import { pushReadings } from './jobs/ingest/push-readings.js';
import { defaultPolicy } from './ingest/quality-policy.js';
import { saveLiveSeries } from './jobs/ingest/save-live-series.js';
import { createTrainingCheckpoints } from './jobs/training-checkpoints.js';
import { createReportPages } from './jobs/report-pages.js';
import { createEmbeddedQueue } from './queue/embedded-queue.js';
import type { JobQueue } from './queue/job-queue.js';
import { lockHome, type HomeLock } from './store/home-lock.js';
import { createModelFiles } from './store/model-files.js';
import { openSqliteStore } from './store/sqlite-store.js';
import type { JobRun, Series, Store } from './store/store.js';

const firstPort = 8080;
const triedPorts = 100;
/** how often a running service looks for series that were imported beside it, and into watched folders */
const lookoutEveryMs = 30_000;
const seed = 1;

/** Store, model files and queue wired together: what every command works with. */
export interface Workplace {
  readonly config: Config;
  readonly logger: Logger;
  readonly store: Store;
  readonly services: JobServices;
  readonly queue: JobQueue;
  /** what a run of this process said last; null if it has said nothing */
  progressOf(run: JobRun): TaskProgress | null;
  close(): Promise<void>;
}

export interface WorkplaceOptions {
  readonly config: Config;
  /** exclusive: fails if another process works in the same home */
  readonly exclusive: boolean;
  readonly watch?: WatchJob;
  /** of the program, told by `/healthz` */
  readonly version?: string;
  readonly logger?: Logger;
  /** how often a service looks for new series and files; default: 30 s */
  readonly lookoutEveryMs?: number;
}

/** A workplace that serves HTTP and runs the schedule. */
export interface App {
  readonly url: string;
  readonly workplace: Workplace;
  /** every series with the jobs it still needs */
  readonly missing: readonly { readonly series: Series; readonly jobs: readonly JobName[] }[];
  /** Brings a series up once its first load is there, as if it were imported then. */
  postpone(series: Series): void;
  /** what the headline of the report says the program is doing, or null */
  setStatus(status: string | null): void;
  close(): Promise<void>;
}

/**
 * Opens store, model files and job queue in the home folder.
 * @throws {LoadcastError} ALREADY_RUNNING if `exclusive` and another process holds the home
 */
export async function openWorkplace(options: WorkplaceOptions): Promise<Workplace> {
  return (await openLockedWorkplace(options)).workplace;
}

async function openLockedWorkplace(
  options: WorkplaceOptions,
): Promise<{ workplace: Workplace; lock: HomeLock | null }> {
  const { config } = options;
  const logger = options.logger ?? pino({ level: config.logLevel }, pino.destination(2));
  const lock = takeLock(config.home, options.exclusive);
  try {
    const store = await openSqliteStore({ file: join(config.home, 'loadcast.sqlite') });
    await store.abandonRunningJobs(Date.now());
    const warn = (message: string): void => {
      logger.warn(message);
    };
    const live = await saveLiveSeries(store, config.series, Date.now());
    const services: JobServices = {
      store,
      modelFiles: createModelFiles(join(config.home, 'models')),
      checkpoints: createTrainingCheckpoints(join(config.home, 'models', 'checkpoints'), warn),
      reportsFolder: config.reports,
      sourcesFolder: join(config.home, 'sources'),
      live,
      providers: {
        openMeteo: config.openMeteo,
        energyCharts: config.energyCharts,
        entsoe: config.entsoe,
        eia: config.eia,
        sql: config.sql,
        keys: config.secrets,
      },
      policyOf: (seriesId) => ({
        ...defaultPolicy,
        ...config.quality,
        ...live.get(seriesId)?.quality,
      }),
      withoutModels: options.exclusive
        ? 'models in training'
        : 'no trained models yet; `loadcast train` makes them',
      membersOf: (seriesId) => live.get(seriesId)?.members ?? config.members ?? ['all'],
      warmStart: config.training.warmStart,
      forecastCron: config.schedule.forecast,
      horizonHours: config.horizonHours,
      resolution: config.resolution,
      lstm: config.lstm,
      threads: config.threads,
      engine: { preference: config.engine, folder: tensorflowFolder(config) },
      seed,
      nowMs: Date.now,
      note: (message) => {
        logger.info(message);
      },
      warn,
    };
    const queue = createEmbeddedQueue({ store, nowMs: Date.now, logger });
    const progress = watchProgress(options.watch);
    defineJobs(queue, services, progress.watch);
    const close = async (): Promise<void> => {
      await queue.stop();
      await store.close();
      lock?.release();
    };
    const { progressOf } = progress;
    return { workplace: { config, logger, store, services, queue, progressOf, close }, lock };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

/** Keeps the last progress of each job of each series, and passes it on. */
function watchProgress(watch?: WatchJob): {
  readonly watch: WatchJob;
  readonly progressOf: Workplace['progressOf'];
} {
  const latest = new Map<string, TaskProgress>();
  return {
    watch: (job, seriesId) => {
      const key = `${job} ${seriesId}`;
      latest.delete(key);
      const passOn = watch?.(job, seriesId);
      return (progress) => {
        latest.set(key, progress);
        passOn?.(progress);
      };
    },
    progressOf: ({ job, seriesId, state, processId }) =>
      state === 'running' && processId === process.pid
        ? (latest.get(`${job} ${seriesId ?? ''}`) ?? null)
        : null,
  };
}

/** A command beside a running service shares its home; alone it takes the lock. */
function takeLock(home: string, exclusive: boolean): HomeLock | null {
  try {
    return lockHome(home);
  } catch (error) {
    const running = error instanceof LoadcastError && error.code === 'ALREADY_RUNNING';
    if (running && !exclusive) return null;
    throw error;
  }
}

/**
 * Starts the service: every series has a forecast to serve, from the ladder if need be; then HTTP listens and the
 * schedule runs. Training is left to the caller, who shows its progress.
 * @param prepare runs before anything is served, such as the import of the example series
 * @throws {LoadcastError} ALREADY_RUNNING, PORT_TAKEN
 */
export async function startApp(
  options: Omit<WorkplaceOptions, 'exclusive'>,
  prepare?: (workplace: Workplace) => Promise<void>,
): Promise<App> {
  const { workplace, lock } = await openLockedWorkplace({ ...options, exclusive: true });
  const { config, store, services, queue, logger } = workplace;
  let status: string | null = null;
  const known = new Set<string>();
  const scheduled = new Set<string>();
  try {
    await prepare?.(workplace);
    const pages = createReportPages(services);
    const server = await listen(
      createServer(
        createApi({
          store,
          report: (seriesId) => pages(seriesId ?? null, status),
          status: () => ({ status }),
          progressOf: (run) => workplace.progressOf(run),
          push: (series, readings) => pushReadings(services, series, readings),
          outlook: (series, forecast) => outlookOf(services.store, series, forecast),
          pushToken: config.secrets.pushToken,
          nowMs: Date.now,
          logger,
          ...(options.version === undefined ? {} : { version: options.version }),
        }),
      ),
      config.host,
      config.port,
    );
    const { port } = server;
    lock?.announcePort(port);
    const missing: { series: Series; jobs: JobName[] }[] = [];
    const adopt = async (series: Series): Promise<JobName[]> => {
      known.add(series.id);
      await ensureForecast(services, series);
      if (!scheduled.has(series.id)) scheduleSeries(queue, series, config.schedule);
      scheduled.add(series.id);
      return missingJobs(services, series);
    };
    for (const series of await store.listSeries())
      if (services.live.has(series.id) || (await isImported(store, series)))
        missing.push({ series, jobs: await adopt(series) });
    const lookout = setInterval(() => {
      void lookAround(workplace, known, adopt);
    }, options.lookoutEveryMs ?? lookoutEveryMs);
    return {
      url: `http://${config.host}:${port}`,
      workplace,
      missing,
      postpone({ id }) {
        known.delete(id);
      },
      setStatus(text) {
        status = text;
      },
      async close() {
        clearInterval(lookout);
        await server.close();
        await workplace.close();
      },
    };
  } catch (error) {
    await workplace.close();
    throw error;
  }
}

/** A series without any load yet has no forecast; everything else is a fault worth the log, not worth the service. */
async function ensureForecast(services: JobServices, series: Series): Promise<void> {
  try {
    await ensureFirstForecast(services, series);
  } catch (error) {
    services.warn(`No forecast of ${series.id} yet: ${messageOf(error)}`);
  }
}

/** New files of watched folders are read; new series get their schedule, and the jobs they lack. */
async function lookAround(
  workplace: Workplace,
  known: ReadonlySet<string>,
  adopt: (series: Series) => Promise<readonly JobName[]>,
): Promise<void> {
  try {
    await readWatchedFolders(workplace);
    await adoptNewSeries(workplace, known, adopt);
  } catch (error) {
    workplace.services.warn(`The look for new files and series failed: ${messageOf(error)}`);
  }
}

async function readWatchedFolders({ store, queue, services }: Workplace): Promise<void> {
  for (const [id, { load }] of services.live) {
    if (load.source !== 'folder') continue;
    const series = await store.findSeries(id);
    if (!series || !(await folderHasNews(services, series, load))) continue;
    await queue.run('ingest', id).catch((error: unknown) => {
      services.warn(`ingest of ${id} failed: ${messageOf(error)}`);
    });
  }
}

async function adoptNewSeries(
  { store, queue, services }: Workplace,
  known: ReadonlySet<string>,
  adopt: (series: Series) => Promise<readonly JobName[]>,
): Promise<void> {
  for (const series of await store.listSeries()) {
    if (known.has(series.id) || !(await isImported(store, series))) continue;
    await bringUp(
      await adopt(series),
      (job) => queue.run(job, series.id),
      (job, error) => {
        services.warn(`${job} of ${series.id} failed: ${messageOf(error)}`);
        return true;
      },
    );
  }
}

/** Whether the first import of a series is over: its summary is written last. */
async function isImported(store: Store, series: Series): Promise<boolean> {
  return (await store.listImports(series.id, 1)).length > 0;
}

interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** @param port null = the next free one from 8080 */
async function listen(server: Server, host: string, port: number | null): Promise<Listening> {
  const candidates =
    port === null ? Array.from({ length: triedPorts }, (_, i) => firstPort + i) : [port];
  for (const candidate of candidates) {
    if (!(await bind(server, host, candidate))) continue;
    const address = server.address();
    return {
      port: typeof address === 'object' && address ? address.port : candidate,
      close: () =>
        new Promise((resolve) => {
          server.close(() => {
            resolve();
          });
          server.closeAllConnections();
        }),
    };
  }
  throw new LoadcastError(
    'PORT_TAKEN',
    port === null
      ? `The ports ${firstPort} to ${firstPort + triedPorts - 1} of ${host} are all taken; set PORT to a free one.`
      : `Port ${port} of ${host} is taken; set PORT to a free one, or leave it out.`,
  );
}

/** @returns false if the port is taken */
function bind(server: Server, host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve(true);
    });
  });
}
