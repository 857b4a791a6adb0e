import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { createApi } from '../../src/api/create-api.js';
import { LoadcastError } from '../../src/core/errors.js';
import type { TaskProgress } from '../../src/core/task-progress.js';
import { outlookOf } from '../../src/jobs/outlook.js';
import { pushReadings } from '../../src/jobs/ingest/push-readings.js';
import { renderReport } from '../../src/report/render-report.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import type { Store } from '../../src/store/store.js';
import { fullContent } from '../report/report-fixture.js';

/** The API over real HTTP on a free port, with a real SQLite file behind it. */
export interface Service {
  readonly url: string;
  readonly store: Store;
  /** what was logged so far, one JSON text a line */
  readonly log: string[];
  /** of running jobs, by the id of the run */
  readonly progress: Map<string, TaskProgress>;
  setStatus(status: string | null): void;
  close(): Promise<void>;
}

export const nowMs = Date.UTC(2024, 0, 1, 6);

export const pushToken = 'a-token-of-24-characters';

export async function startService(
  options: { readonly pushToken?: string | null } = {},
): Promise<Service> {
  const folder = await mkdtemp(path.join(tmpdir(), 'loadcast-api-'));
  const store = await openSqliteStore({ file: path.join(folder, 'loadcast.sqlite') });
  const log: string[] = [];
  let status: string | null = null;
  const progress = new Map<string, TaskProgress>();
  const app = createApi({
    store,
    status: () => ({ status }),
    progressOf: (run) => progress.get(run.id) ?? null,
    push: (series, readings) => pushReadings({ store, nowMs: () => nowMs }, series, readings),
    outlook: (series, forecast) => outlookOf(store, series, forecast),
    pushToken: options.pushToken === undefined ? pushToken : options.pushToken,
    nowMs: () => nowMs,
    version: '1.2.3',
    logger: pino({ level: 'debug' }, { write: (line: string) => void log.push(line) }),
    report: async (seriesId) => {
      if (seriesId !== undefined && !(await store.findSeries(seriesId)))
        throw new LoadcastError('NOT_FOUND', `There is no series "${seriesId}".`);
      return renderReport(fullContent({ status }));
    },
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    store,
    log,
    progress,
    setStatus: (text) => {
      status = text;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}
